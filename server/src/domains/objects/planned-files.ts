import { join } from 'node:path'
import type { PlannedChange } from '../../operations/define.ts'
import { readFileIfThere } from '../../platform/atomic-file.ts'
import { unifiedDiff } from '../../platform/unified-diff.ts'
import { compareRendered, type RenderPlan } from './rendered-write.ts'

/** Longest difference that is shown, in characters: releases of others are thousands of lines. */
const longest = 20_000

/** What rendering would write, as unified diffs. Changes nothing. */
export async function plannedFiles(plan: RenderPlan): Promise<PlannedChange[]> {
  const { written, kept, removed, merged, conflicts, replaced, texts } = await compareRendered(plan)
  const changes: PlannedChange[] = []
  for (const path of written) {
    const before = await readFileIfThere(join(plan.folder, path))
    changes.push({
      kind: 'file',
      text: `${path} ${fate(path, before)}`,
      diff: difference(path, before ?? '', texts.get(path)!),
    })
  }
  for (const path of kept.filter((each) => !conflicts.includes(each)))
    changes.push({ kind: 'note', text: `${path} was edited by hand and would be kept` })
  for (const path of conflicts) {
    const mine = (await readFileIfThere(join(plan.folder, path))) ?? ''
    const text = `${path} was edited by hand where it would change too: it would be kept as it is; this is missing in it`
    changes.push({ kind: 'note', text, diff: difference(path, mine, plan.files.get(path)!) })
  }
  for (const path of removed) changes.push({ kind: 'file', text: `${path} would be removed` })
  return changes

  function fate(path: string, before: string | undefined): string {
    if (merged.includes(path)) return 'was edited by hand: what is new would be brought in'
    if (replaced.includes(path)) return 'was edited by hand: it would be put aside and replaced'
    return before === undefined ? 'would be written' : 'would be changed'
  }
}

function difference(path: string, before: string, after: string): string | undefined {
  if (before.length + after.length > longest) return undefined
  return unifiedDiff(path, before, after)
}
