let screen = '';
let urgent = 0;

function show(): void {
  const name = screen === '' ? 'Bronze Drum' : `${screen} · Bronze Drum`;
  document.title = urgent === 0 ? name : `(${urgent}) ${name}`;
}

/** What the window is called: its screen. */
export function nameWindow(title: string): void {
  screen = title;
  show();
}

/** How many urgent alerts nobody has taken, seen in the browser’s row of tabs. */
export function countInTitle(count: number): void {
  urgent = count;
  show();
}
