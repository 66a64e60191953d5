// What a report says, as data: words, figures and curves, each with a tone; no colour, no width, no style. A painter (a
// terminal, a page, a live screen) needs to know this file alone and no field of a result. All of it survives JSON, and no
// text holds a control character.

/** What a text or a curve means; how that looks is the painter's choice. */
export type Tone = "plain" | "strong" | "faint" | "good" | "bad" | "caution" | CurveTone;

/** Curves and bars, by importance. */
export type CurveTone = "primary" | "secondary" | "tertiary";

/** A text, plain where it has no tone of its own. */
export type Text = string | { readonly text: string; readonly tone: Tone };

/** A part of a report. */
export interface Section {
  /** Empty: the blocks stand for themselves. */
  readonly title: string;
  /** A word beside the title, such as a verdict: the section is a remark about what the title names. */
  readonly mark?: Text;
  readonly blocks: readonly Block[];
}

/** A report from top to bottom; two sections in one row belong beside each other where there is room. */
export type Report = readonly (readonly [Section] | readonly [Section, Section])[];

export type Block = Headline | Prose | Phrases | Facts | Table | Panels | Bars;

/** A line that stands out from the blocks under it. */
export interface Headline {
  readonly kind: "headline";
  readonly text: string;
  readonly tone: Tone;
}

/** A paragraph, with no space to the text block above it. */
export interface Prose {
  readonly kind: "prose";
  readonly text: string;
  readonly tone: Tone;
}

/** Short phrases in a row, each kept whole. */
export interface Phrases {
  readonly kind: "phrases";
  readonly phrases: readonly string[];
  readonly tone: Tone;
}

/** A list of figures. */
export interface Facts {
  readonly kind: "facts";
  readonly facts: readonly Fact[];
}

/** A figure, its name, and what explains it. */
export interface Fact {
  /** Empty: more of what the fact above is about. */
  readonly name: string;
  readonly figure: string;
  /** Phrases, each kept whole. */
  readonly details?: readonly string[];
  /** Of the figure; "strong" where there is none. */
  readonly tone?: Tone;
}

/** Figures in rows and columns; the first column names the rows. */
export interface Table {
  readonly kind: "table";
  readonly columns: readonly Column[];
  /** A text for each column. */
  readonly rows: readonly (readonly Text[])[];
}

export interface Column {
  readonly name: string;
  /** The first column's default is "left", the others' is "right". */
  readonly align?: "left" | "right";
  /** Without this, a column that has no room goes on below the table. */
  readonly whenNarrow?: "shorten" | "leaveOut";
  /** Takes the place of the cells, which are empty: why there are no figures. */
  readonly instead?: Text;
}

/** Charts over one time axis, which begins at 0. */
export interface Panels {
  readonly kind: "panels";
  readonly spanSeconds: number;
  /** The second that each of a curve's values is about. */
  readonly seconds: readonly number[];
  readonly panels: readonly Panel[];
}

/** A chart with its title. */
export interface Panel {
  readonly title: string;
  readonly curves: readonly Curve[];
  readonly scale: Scale;
}

/** One value for each of the panels' seconds. */
export interface Curve {
  /** Empty where the panel's title says it all. */
  readonly name: string;
  /** What the whole run made of it. */
  readonly figure: string;
  readonly tone: Tone;
  /** Sizes are areas, everything else is a line. Lines lie over areas, a first line over a second. */
  readonly shape: "line" | "area";
  /** Null: nothing to show. */
  readonly values: readonly (number | null)[];
  /** What several seconds in one place become; what is rare must not vanish, so peaks are `largest`. */
  readonly reduce: "largest" | "mean" | "middle";
}

/** A y axis: equal steps, each with its label, from the lowest to the highest. */
export interface Scale {
  readonly min: number;
  readonly max: number;
  readonly labels: readonly string[];
}

/** A distribution, one bar for each range of values. */
export interface Bars {
  readonly kind: "bars";
  readonly bars: readonly Bar[];
}

/** How many values lie between two, and how that reads. */
export interface Bar {
  /** `1.25`, or `800 µs` where its unit is another than that of `to`. */
  readonly from: string;
  readonly to: string;
  readonly unit: string;
  readonly count: number;
  /** Empty where nothing is. */
  readonly figure: string;
  readonly share: string;
  /** What lies in this range: the names of percentiles. */
  readonly marks: readonly string[];
}
