/** A point of the drawing, in CSS pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle of the drawing: its left upper corner, and its size. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** An operator or a topic, drawn. */
export interface NodeView extends Box {
  readonly id: string;
  readonly kind: "source" | "operator" | "sink" | "global" | "topic" | "repartition";
  /** What it is called in the drawing. */
  readonly title: string;
  /** Undefined for topics and global tables. */
  readonly subTopology: number | undefined;
  readonly stores: readonly string[];
}

/** Records that flow from one to the other, drawn. */
export interface EdgeView {
  readonly from: string;
  readonly to: string;
  readonly points: readonly Point[];
  /** Where its rate is written. */
  readonly label: Point;
  /** Whose count it is: `forwarded` by a node, or `consumed` and `sent` by `<sub-topology> <topic>`. */
  readonly counter: { readonly of: "forwarded" | "consumed" | "sent"; readonly key: string };
}

/** A sub-topology, drawn as the area behind its nodes. */
export interface AreaView extends Box {
  readonly subTopology: number;
}

/** An application's topology, drawn, and as text. */
export interface GraphView {
  readonly application: string;
  readonly describe: string;
  readonly width: number;
  readonly height: number;
  readonly areas: readonly AreaView[];
  readonly nodes: readonly NodeView[];
  readonly edges: readonly EdgeView[];
}
