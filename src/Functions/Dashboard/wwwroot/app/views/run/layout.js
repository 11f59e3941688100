/** Sizes of the drawing, in pixels. */
export const NODE = { width: 168, height: 46 };

/**
 * Where tasks and their needs are drawn. Depends on names and needs alone, so a run is laid out once.
 * @param {any} dagre the library
 * @param {{ name: string, needs: string[] }[]} tasks
 * @returns {{ width: number, height: number, nodes: Map<string, { x: number, y: number }>, edges: { key: string, path: string }[] }} nodes by their upper left corner
 */
export function layout(dagre, tasks) {
  const graph = new dagre.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 46, marginx: 4, marginy: 4 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const task of tasks)
    graph.setNode(task.name, { ...NODE });
  const known = new Set(tasks.map((task) => task.name));
  for (const task of tasks) {
    for (const need of task.needs.filter((name) => known.has(name)))
      graph.setEdge(need, task.name);
  }
  dagre.layout(graph);
  const { width, height } = graph.graph();
  const nodes = new Map(graph.nodes().map((name) => {
    const { x, y } = graph.node(name);
    return [name, { x: x - NODE.width / 2, y: y - NODE.height / 2 }];
  }));
  const edges = graph.edges().map((edge) => ({ key: JSON.stringify([edge.v, edge.w]), path: curve(graph.edge(edge).points) }));
  return { width, height, nodes, edges };
}

/** A smooth line through the points. */
function curve(points) {
  const [first, ...rest] = points;
  let path = `M${first.x},${first.y}`;
  let before = first;
  for (const point of rest) {
    const middle = (before.x + point.x) / 2;
    path += `C${middle},${before.y} ${middle},${point.y} ${point.x},${point.y}`;
    before = point;
  }
  return path;
}
