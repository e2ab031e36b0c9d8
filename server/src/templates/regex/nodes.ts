/** Inclusive ranges of code points. */
export type Ranges = [low: number, high: number][]

/** What a place in the text must be. */
export type Assertion = 'lineStart' | 'lineEnd' | 'textStart' | 'textEnd' | 'wordEdge' | 'noWordEdge'

/** A parsed regular expression. */
export type RegexNode =
  | { type: 'empty' }
  | { type: 'set'; ranges: Ranges; negated: boolean; foldCase: boolean }
  | { type: 'assertion'; assertion: Assertion }
  | { type: 'group'; index: number; body: RegexNode }
  | { type: 'sequence'; parts: RegexNode[] }
  | { type: 'choice'; options: RegexNode[] }
  | { type: 'repeat'; body: RegexNode; least: number; most: number; greedy: boolean }

/** A set of characters as the parser and random.String use it. */
export interface CharacterSet {
  ranges: Ranges
  negated: boolean
}

/** True when a code point is within one of the ranges. */
export function inRanges(ranges: Ranges, code: number): boolean {
  return ranges.some(([low, high]) => code >= low && code <= high)
}
