"""The report as sections of words, pictures and tables, and as an HTML file with its PNGs beside it."""

from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

TEMPLATE = Path(__file__).with_name("template.html")


@dataclass(frozen=True)
class Picture:
    name: str  # of the file, without .png
    figure: Figure
    alt: str
    caption: str = ""
    chart: bool = False  # drawn for paper: inverted where the page is dark


@dataclass(frozen=True)
class Table:
    titles: list[str]
    rows: list[list[str]]
    words: int = 1  # columns of words, flush left; those of numbers after them are flush right


@dataclass(frozen=True)
class Section:
    title: str
    text: str = ""
    pictures: list[Picture] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


def write_page(out: Path, title: str, lead: str, sections: list[Section]) -> Path:
    """Writes out/report.html and its pictures; returns the HTML file."""
    out.mkdir(parents=True, exist_ok=True)
    sizes = {}
    for picture in (picture for section in sections for picture in section.pictures):
        path = out / f"{picture.name}.png"
        picture.figure.savefig(path)
        width, height = picture.figure.get_size_inches()
        sizes[picture.name] = (round(width * 100), round(height * 100))
        plt.close(picture.figure)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATE.parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    html = environment.get_template(TEMPLATE.name).render(title=title, lead=lead, sections=sections, sizes=sizes)
    path = out / "report.html"
    path.write_text(html)
    return path
