/** Keyboard shortcuts while points are marked, for the dialog that lists them. */

export const markShortcuts: readonly { readonly shown: string; readonly words: string }[] = [
  { shown: 'Page Down', words: 'Next picture' },
  { shown: 'Page Up', words: 'Previous picture' },
  { shown: 'F', words: 'Next face, with Shift the previous one' },
  { shown: 'Tab', words: 'Next point, with Shift the previous one' },
  { shown: 'Enter', words: 'Mark the point where it most likely is' },
  { shown: 'Arrows', words: 'Move the point, with Shift ten times as far' },
  { shown: 'R', words: 'Clear the chosen mark' },
  { shown: 'Delete', words: 'Remove all marks of the face' },
  { shown: 'B', words: 'Draw a box by hand' },
  { shown: 'Ctrl Z', words: 'Undo' },
  { shown: 'Ctrl Shift Z', words: 'Redo' },
  { shown: '+', words: 'Zoom in' },
  { shown: '−', words: 'Zoom out' },
  { shown: '0', words: 'Whole picture' },
  { shown: 'Z', words: 'Zoom to the face' },
  { shown: 'N', words: 'Numbers of the points' },
  { shown: 'Escape', words: 'Deselect; then back to all pictures' },
];
