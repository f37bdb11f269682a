/** Tells for an edge of a graph whether it lies on a cycle: whether both ends are in one strongly connected component. */
export function recursiveEdges(edges: ReadonlyMap<string, readonly string[]>): (from: string, to: string) => boolean {
  const component = components(edges);
  return (from, to) =>
    component.get(from) === component.get(to) && component.has(to) && (edges.get(from) ?? []).includes(to);
}

/** Tarjan's algorithm with a stack of its own, because schemas can be deeper than the call stack. */
function components(edges: ReadonlyMap<string, readonly string[]>): Map<string, number> {
  const component = new Map<string, number>();
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  for (const root of edges.keys()) {
    if (order.has(root)) continue;
    const path: { name: string; next: number }[] = [];
    const enter = (name: string): void => {
      order.set(name, order.size);
      low.set(name, order.get(name)!);
      open.push(name);
      path.push({ name, next: 0 });
    };
    enter(root);
    while (path.length > 0) {
      const frame = path.at(-1)!;
      const target = edges.get(frame.name)?.[frame.next++];
      if (target !== undefined) {
        if (!edges.has(target)) continue;
        if (!order.has(target)) enter(target);
        else if (!component.has(target)) low.set(frame.name, Math.min(low.get(frame.name)!, order.get(target)!));
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent) low.set(parent.name, Math.min(low.get(parent.name)!, low.get(frame.name)!));
      if (low.get(frame.name) !== order.get(frame.name)) continue;
      for (let name = open.pop(); name !== undefined; name = open.pop()) {
        component.set(name, order.get(frame.name)!);
        if (name === frame.name) break;
      }
    }
  }
  return component;
}
