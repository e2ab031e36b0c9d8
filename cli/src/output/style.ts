/** Colours a piece of text, or returns it unchanged where colours are not wanted. */
export type Paint = (colour: Colour, text: string) => string

export type Colour = 'red' | 'green' | 'yellow' | 'blue' | 'dim' | 'bold'

const codes: Record<Colour, [number, number]> = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  dim: [2, 22],
  bold: [1, 22],
}

/** A painter that writes ANSI colours when `coloured`, plain text otherwise. */
export function createPaint(coloured: boolean): Paint {
  if (!coloured) return (_colour, text) => text
  return (colour, text) => `\u001b[${codes[colour][0]}m${text}\u001b[${codes[colour][1]}m`
}

/** Colours are for a terminal that did not ask to be spared them. */
export function wantsColour(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv, allowed: boolean): boolean {
  return allowed && stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
}

const words: Partial<Record<string, Colour>> = {
  ready: 'green',
  running: 'green',
  completed: 'green',
  healthy: 'green',
  passing: 'green',
  done: 'green',
  taken: 'green',
  pending: 'yellow',
  initialized: 'yellow',
  discovered: 'yellow',
  configured: 'yellow',
  applying: 'yellow',
  bootstrapping: 'yellow',
  deploying: 'yellow',
  degraded: 'yellow',
  warning: 'yellow',
  not_ready: 'yellow',
  removing: 'yellow',
  changed: 'yellow',
  failed: 'red',
  failing: 'red',
  problem: 'red',
  unhealthy: 'red',
  unreachable: 'red',
  cancelled: 'dim',
  skipped: 'dim',
  left: 'dim',
  unknown: 'dim',
  not_installed: 'dim',
  not_bootstrapped: 'dim',
}

/** The colour of a status word, if it has one. */
export function statusColour(word: string): Colour | undefined {
  return words[word.toLowerCase()]
}
