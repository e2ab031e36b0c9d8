const CONTEXT = 3

type Line = { sign: ' ' | '-' | '+'; text: string }

/** The changes from one text to another as unified diff hunks with file lines `a` and `b`; empty for equal texts. */
export function unifiedDiff(before: string, after: string): string {
  const lines = compare(before.trimEnd().split('\n'), after.trimEnd().split('\n'))
  const hunks = hunksOf(lines)
  return hunks.length === 0 ? '' : `--- a\n+++ b\n${hunks.join('')}`
}

/** Longest common subsequence over lines, after equal heads and tails are taken off. */
function compare(before: string[], after: string[]): Line[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1
  let tail = 0
  while (tail < before.length - head && tail < after.length - head && before.at(-1 - tail) === after.at(-1 - tail))
    tail += 1
  const same = (text: string): Line => ({ sign: ' ', text })
  const middle = compareMiddle(before.slice(head, before.length - tail), after.slice(head, after.length - tail))
  return [...before.slice(0, head).map(same), ...middle, ...before.slice(before.length - tail).map(same)]
}

function compareMiddle(before: string[], after: string[]): Line[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0))
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      lengths[i]![j] =
        before[i] === after[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
    }
  }
  const lines: Line[] = []
  let i = 0
  let j = 0
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ sign: ' ', text: before[i++]! })
      j += 1
    } else if (i < before.length && (j === after.length || lengths[i + 1]![j]! >= lengths[i]![j + 1]!))
      lines.push({ sign: '-', text: before[i++]! })
    else lines.push({ sign: '+', text: after[j++]! })
  }
  return lines
}

function hunksOf(lines: Line[]): string[] {
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some((line) => line.sign !== ' '),
  )
  const hunks: string[] = []
  for (let start = 0; start < lines.length; ) {
    if (!near[start]) {
      start += 1
      continue
    }
    let end = start
    while (end < lines.length && near[end]) end += 1
    hunks.push(hunkOf(lines, start, end))
    start = end
  }
  return hunks
}

function hunkOf(lines: Line[], start: number, end: number): string {
  const count = (part: Line[], sign: '-' | '+'): number => part.filter((line) => line.sign !== sign).length
  const earlier = lines.slice(0, start)
  const part = lines.slice(start, end)
  const header = `@@ -${count(earlier, '+') + 1},${count(part, '+')} +${count(earlier, '-') + 1},${count(part, '-')} @@\n`
  return header + part.map((line) => `${line.sign}${line.text}\n`).join('')
}
