/** Draws on the screen's own clock, and only when there is something new; whoever computes never waits for it. */

/**
 * @param versionOf called before every repaint: what is drawn depends on these values
 * @param draw called when one of them is another
 * @returns an attachment for a canvas
 */
export function repaint(
  versionOf: () => readonly unknown[],
  draw: (context: CanvasRenderingContext2D, canvas: HTMLCanvasElement) => void,
): (canvas: HTMLCanvasElement) => () => void {
  return (canvas) => {
    const context = canvas.getContext('2d');
    let drawn: readonly unknown[] | null = null;
    let handle = 0;
    const next = () => {
      handle = requestAnimationFrame(next);
      const version = versionOf();
      if (!context || (drawn && version.every((value, i) => value === drawn![i]))) return;
      drawn = version;
      draw(context, canvas);
    };
    handle = requestAnimationFrame(next);
    return () => cancelAnimationFrame(handle);
  };
}

/** Changing a canvas' size allocates it anew, so only where it differs; cleared in any case. */
export function resize(context: CanvasRenderingContext2D, width: number, height: number): void {
  const { canvas } = context;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  else context.clearRect(0, 0, width, height);
}
