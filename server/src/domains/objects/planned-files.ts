import { join } from 'node:path'
import { createTwoFilesPatch } from 'diff'
import type { PlannedChange } from '../../operations/define.ts'
import { readFileIfThere } from '../../platform/atomic-file.ts'
import { compareRendered, type RenderPlan } from './rendered-folder.ts'

/** Longest difference that is shown, in characters: releases of others are thousands of lines. */
const longest = 20_000

/** What rendering would write, as unified diffs. Changes nothing. */
export async function plannedFiles(plan: RenderPlan): Promise<PlannedChange[]> {
  const { written, kept, removed } = await compareRendered(plan)
  const changes: PlannedChange[] = []
  for (const path of written) {
    const before = await readFileIfThere(join(plan.folder, path))
    const text = `${path} would be ${before === undefined ? 'written' : 'changed'}`
    changes.push({ kind: 'file', text, diff: difference(path, before ?? '', plan.files.get(path)!) })
  }
  for (const path of kept) changes.push({ kind: 'note', text: `${path} was edited by hand and would be kept` })
  for (const path of removed) changes.push({ kind: 'file', text: `${path} would be removed` })
  return changes
}

function difference(path: string, before: string, after: string): string | undefined {
  if (before.length + after.length > longest) return undefined
  return createTwoFilesPatch(path, path, before, after, undefined, undefined, { context: 3 })
}
