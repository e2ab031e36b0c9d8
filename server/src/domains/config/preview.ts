import { invalid, WildError } from '../../platform/errors.ts'
import { sha256 } from '../../platform/history.ts'
import { configPath, parse } from '../../platform/names.ts'
import { unifiedDiff } from '../../platform/unified-diff.ts'
import { type Change, changedYaml, parseYaml } from '../../platform/yaml-file.ts'
import { parseYamlPath } from '../../platform/yaml-path.ts'
import { type ConfigChange, checkKnown } from './model.ts'

/** A change of config.yaml that is only looked at: keys, or the whole text with the SHA-256 of the one it was made from. */
export type Draft = { changes: ConfigChange[] } | { yaml: string; base?: string }

/** The changes with their paths read. Throws INVALID_INPUT for a path or a value that makes no sense, or for none. */
export function checkedChanges(changes: ConfigChange[]): Change[] {
  if (changes.length === 0) throw invalid('changes', 'changes: nothing to set.')
  const parsed = changes.map(({ path, value }) => ({ path: parseYamlPath(parse(configPath, path, 'path')), value }))
  for (const { path, value } of parsed) if (value !== undefined) checkKnown(path, value)
  return parsed
}

/** Refuses a text for config.yaml that does not parse or holds a value that makes no sense. */
export function checkWhole(instance: string, yaml: string): void {
  checkKnown([], parseYaml(yaml, `config.yaml of ${instance}`, 'INVALID_INPUT').tree)
}

/** Refuses a text that was made from another one than that on disk. */
export function checkBase(instance: string, current: string, base: string | undefined): void {
  if (base === undefined || base === sha256(current)) return
  throw new WildError(
    'CONFLICT',
    `config.yaml of ${instance} was changed by somebody else meanwhile; nothing was written. Look at it again, then save.`,
    { field: 'base' },
  )
}

/** What a draft would change in a text, as a unified diff; empty when nothing. Throws what making the change would. */
export function previewOf(instance: string, text: string, draft: Draft): string {
  const after = 'yaml' in draft ? draft.yaml : changedYaml(text, 'config.yaml', checkedChanges(draft.changes))
  checkWhole(instance, after)
  if ('yaml' in draft) checkBase(instance, text, draft.base)
  if (after === text) return ''
  return unifiedDiff('config.yaml', text, after)
}
