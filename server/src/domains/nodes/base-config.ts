import { chmod, copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parse as parseYamlText } from 'yaml'
import { exists, makeDirectory, readFileIfThere, temporaryName, writeFileAtomic } from '../../platform/atomic-file.ts'
import { invalid, WildError } from '../../platform/errors.ts'
import type { InstancePaths } from '../../platform/paths.ts'
import type { RunTool } from '../../platform/run-tool.ts'
import { createTalosctl } from '../../tools/talosctl.ts'

/** `secrets.yaml` comes first: with it the others can always be made again, without it never. */
export const baseFiles = ['secrets.yaml', 'controlplane.yaml', 'worker.yaml', 'talosconfig'] as const

/** What the machine configurations are made from. */
export interface BaseConfigValues {
  clusterName: string
  vip: string
  kubernetesVersion: string
  talosVersion: string
  /** Addresses the instance's talosconfig dials. */
  endpoints: string[]
}

async function missingFiles(places: InstancePaths): Promise<string[]> {
  const there = await Promise.all(baseFiles.map((file) => exists(join(places.generated, file))))
  return baseFiles.filter((_file, index) => !there[index])
}

/** True when secrets, both base configurations and the certificate of the instance are there. */
export async function hasBaseConfig(places: InstancePaths): Promise<boolean> {
  return (await missingFiles(places)).length === 0 && (await talosEndpoints(places.talosconfig)) !== undefined
}

/** Refuses to make new secrets beside configurations that were made from others: machines would be locked out. */
function refuseLostSecrets(places: InstancePaths, missing: string[]): void {
  if (!missing.includes('secrets.yaml') || missing.length === baseFiles.length) return
  throw new WildError(
    'CONFLICT',
    `${places.generated} has machine configurations but no secrets.yaml. New secrets would not fit the machines set up with them. Put secrets.yaml back from a backup; or, when no machine uses them any more, move the folder away and run this again.`,
    { missing },
  )
}

/** Moves finished files into place; secrets.yaml first, so that a crash between two moves can always be completed. */
async function moveIntoPlace(from: string, places: InstancePaths, missing: string[]): Promise<void> {
  const folder = await readdir(places.generated).catch(() => [])
  if (folder.length === 0) {
    await mkdir(places.clusterNodes, { recursive: true, mode: 0o700 })
    await rename(from, places.generated)
    return
  }
  for (const file of baseFiles) if (missing.includes(file)) await rename(join(from, file), join(places.generated, file))
}

async function generate(
  run: RunTool,
  places: InstancePaths,
  values: BaseConfigValues,
  missing: string[],
): Promise<void> {
  const talosctl = createTalosctl(run, { home: places.home })
  const folder = temporaryName(join(places.clusterNodes, 'generated'))
  await makeDirectory(folder, { secret: true })
  try {
    const secretsFile = join(folder, 'secrets.yaml')
    if (missing.includes('secrets.yaml')) await talosctl.generateSecrets(secretsFile)
    else await copyFile(join(places.generated, 'secrets.yaml'), secretsFile)
    const { clusterName: name, vip, kubernetesVersion, talosVersion } = values
    await talosctl.generateConfig({ name, vip, secretsFile, folder, kubernetesVersion, talosVersion })
    // talosctl writes 0644, the administrator's key included.
    for (const file of baseFiles) await chmod(join(folder, file), 0o600)
    await moveIntoPlace(folder, places, missing)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Endpoints of the current context in a talosconfig file; undefined when there is no such file or it makes no sense. Any
 * talosctl that is told of a file which is not there leaves an empty one: that counts as none.
 */
export async function talosEndpoints(file: string): Promise<string[] | undefined> {
  const text = await readFileIfThere(file)
  if (!text) return undefined
  try {
    const { context, contexts } = parseYamlText(text) as {
      context: string
      contexts: Record<string, { endpoints?: string[] }>
    }
    const current = contexts[context]
    return current && (current.endpoints ?? [])
  } catch {
    return undefined
  }
}

/**
 * Makes `.talos/config` from the generated one, or points it at the endpoints when they changed. It is finished beside its
 * place and renamed: talosctl rewrites a file in place, and what another node's set-up reads meanwhile would be half of it.
 */
export async function writeTalosconfig(run: RunTool, places: InstancePaths, endpoints: string[]): Promise<void> {
  const current = await talosEndpoints(places.talosconfig)
  if (current && current.join() === endpoints.join()) return
  const from = current ? places.talosconfig : join(places.generated, 'talosconfig')
  const draft = temporaryName(places.talosconfig)
  try {
    await writeFileAtomic(draft, (await readFileIfThere(from))!, { mode: 0o600 })
    if (endpoints.length) await createTalosctl(run, { home: places.home }).setEndpoints(draft, endpoints)
    await chmod(draft, 0o600)
    await rename(draft, places.talosconfig)
  } finally {
    await rm(draft, { force: true })
  }
}

/**
 * Makes the cluster's secrets and base machine configurations once. An incomplete set with its secrets.yaml is completed
 * from it; secrets are never made a second time. Works in a temporary folder that is renamed, so that a crash leaves
 * nothing half-made. Call it inside the instance's mutex. Returns false when everything was there.
 */
export async function makeBaseConfig(run: RunTool, places: InstancePaths, values: BaseConfigValues): Promise<boolean> {
  if (await hasBaseConfig(places)) return false
  const missing = await missingFiles(places)
  refuseLostSecrets(places, missing)
  if (missing.length) await generate(run, places, values, missing)
  await writeTalosconfig(run, places, values.endpoints)
  return true
}

/** Reads the values from config.yaml's tree. Throws INVALID_INPUT naming the key that is missing and how to set it. */
export function baseConfigValues(read: (path: string) => unknown, endpoints: string[]): BaseConfigValues {
  const wanted = (path: string): string => {
    const value = read(path)
    if (typeof value === 'string' && value) return value
    throw invalid(path, `The cluster cannot be configured yet: ${path} is not set.`, {
      hint: `wild-cli config set ${path} VALUE`,
    })
  }
  return {
    clusterName: wanted('cluster.name'),
    vip: wanted('cluster.nodes.control.vip'),
    kubernetesVersion: wanted('cluster.kubernetesVersion'),
    talosVersion: wanted('cluster.nodes.talos.version'),
    endpoints,
  }
}
