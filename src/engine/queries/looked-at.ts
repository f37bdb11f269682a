/** Where something was looked for and not found, for a message, by the number of steps before the handler. */
export function lookedAt(steps: number): string {
  if (steps === 0) return 'among the route, its routers and the handler';
  return `${steps === 1 ? 'in the one step' : `among the ${steps} steps`} before the handler, or in it`;
}
