import { join } from 'node:path'
import { readFileIfThere } from '../../platform/atomic-file.ts'
import { invalid, WildError } from '../../platform/errors.ts'
import { ipv4, nodeName, parse, talosVersion } from '../../platform/names.ts'
import { render, TemplateError } from '../../templates/index.ts'
import type { NodesDeps } from './deps.ts'
import { type NodeRecord, type NodeRole, schematicId } from './model.ts'

/** What the textual markers of a patch template stand for. */
export interface Markers {
  NODE_NAME: string
  NODE_IP: string
  SCHEMATIC_ID: string
  VERSION: string
  PREFIX_LENGTH: string
}

/**
 * Replaces `{{NODE_NAME}}`, `{{NODE_IP}}`, `{{SCHEMATIC_ID}}`, `{{VERSION}}` and `{{PREFIX_LENGTH}}` textually, before
 * anything is rendered. Throws CONFIG_INVALID for a marker that is none of these.
 */
export function fillMarkers(template: string, markers: Markers, file: string): string {
  return template.replace(/\{\{\s*([A-Z][A-Z_]*)\s*\}\}/g, (marker, name: string) => {
    const value = (markers as unknown as Record<string, string>)[name]
    if (value !== undefined) return value
    throw new WildError(
      'CONFIG_INVALID',
      `${file} has the marker ${marker}, which nobody fills. Known are ${Object.keys(markers).join(', ')}.`,
      { file },
    )
  })
}

/** Markers of a node; its own version and schematic win over the instance's. Throws INVALID_INPUT naming what is missing. */
export function markersOf(
  record: NodeRecord,
  defaults: { version?: unknown; schematicId?: unknown },
  prefixLength: number,
): Markers {
  const key = `cluster.nodes.active.${record.name}`
  if (!record.targetIp) throw invalid(`${key}.targetIp`, `${record.name} has no target address. Set ${key}.targetIp.`)
  return {
    NODE_NAME: parse(nodeName, record.name, 'name'),
    NODE_IP: parse(ipv4, record.targetIp, `${key}.targetIp`),
    VERSION: parse(talosVersion, record.version ?? defaults.version, `${key}.version`),
    SCHEMATIC_ID: parse(schematicId, record.schematicId ?? defaults.schematicId, `${key}.schematicId`),
    PREFIX_LENGTH: String(prefixLength),
  }
}

/** The patch template of a role: a local copy wins over the bundled one. */
async function templateOf(
  deps: Pick<NodesDeps, 'paths' | 'settings'>,
  role: NodeRole,
): Promise<{ file: string; text: string }> {
  const place = join('setup', 'cluster-nodes', 'patch.templates', `${role}.yaml`)
  for (const folder of [deps.paths.localCatalog, deps.settings.catalogDirectory]) {
    const text = await readFileIfThere(join(folder, place))
    if (text !== undefined) return { file: place, text }
  }
  throw new WildError('NOT_FOUND', `The catalog has no ${place}. Check WILD_DIRECTORY.`, { name: place })
}

/**
 * From 1.12 on talosctl writes the host name into a document of its own, which forbids naming it in the machine section
 * as our templates do: the patch removes that document.
 */
export function withoutHostnameDocument(patch: string, base: string): string {
  if (!/^kind: HostnameConfig$/m.test(base)) return patch
  return `${patch.trimEnd()}\n---\napiVersion: v1alpha1\nkind: HostnameConfig\n$patch: delete\n`
}

/** The patch of one node, from the template of its role and config.yaml; `base` is the configuration it will be merged into. */
export async function renderPatch(
  deps: NodesDeps,
  instance: string,
  record: NodeRecord,
  base: string,
): Promise<string> {
  const { file, text } = await templateOf(deps, record.role)
  const defaults = {
    version: await deps.config.get(instance, 'cluster.nodes.talos.version'),
    schematicId: await deps.config.get(instance, 'cluster.nodes.talos.schematicId'),
  }
  const filled = fillMarkers(text, markersOf(record, defaults, deps.settings.lan.prefixLength), file)
  try {
    return withoutHostnameDocument(render(filled, await deps.config.context(instance), { name: file }), base)
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    const { line, column } = error
    throw new WildError(
      'CONFIG_INVALID',
      `The machine configuration of ${record.name} cannot be made: ${error.message}`,
      { file, line, column },
      { cause: error },
    )
  }
}
