import { join } from 'node:path'
import type { Step, StepContext } from '../../../../operations/define.ts'
import { readFileIfThere, writeFileAtomic } from '../../../../platform/atomic-file.ts'
import { nodeConfiguration } from '../../../nodes/index.ts'
import type { ChangeWorld } from '../world.ts'
import type { Version } from './versions.ts'

const versionKey = 'cluster.kubernetesVersion'
const bases = ['controlplane.yaml', 'worker.yaml']

/** Images of Kubernetes in a machine configuration, as talosctl writes them. */
const images =
  /(image:\s*["']?[^\s"']*\/(?:kubelet|kube-apiserver|kube-controller-manager|kube-scheduler|kube-proxy)):v[\w.+-]+/g

/** A machine configuration with other versions of Kubernetes' images; everything else stays byte for byte. */
export function withKubernetes(text: string, version: string): string {
  return text.replace(images, `$1:${version}`)
}

/**
 * Carries the version to where machine configurations are made from: nodes that are set up or configured later must not go
 * back to the old one. `talosctl upgrade-k8s` changed the configurations of the machines themselves in the same way.
 */
export function recordKubernetes(w: ChangeWorld, to: Version): Step {
  const configurationOf = (name: string) => nodeConfiguration(w.deps, w.store, w.instance, name)

  async function outdated(): Promise<{ file: string; text: string }[]> {
    const found = []
    for (const name of bases) {
      const file = join(w.places.generated, name)
      const before = await readFileIfThere(file)
      const text = before && withKubernetes(before, to.text)
      if (text && text !== before) found.push({ file, text })
    }
    return found
  }
  async function unprepared(ctx: StepContext): Promise<string[]> {
    const names = (await w.nodes()).map(({ name }) => name)
    const ready = await Promise.all(names.map((name) => configurationOf(name).prepared(ctx)))
    return names.filter((_name, index) => !ready[index])
  }
  return {
    name: 'record-version',
    title: 'Writing down the version',
    async done(ctx) {
      if ((await w.deps.config.get(w.instance, versionKey)) !== to.text) return false
      return (await outdated()).length === 0 && (await unprepared(ctx)).length === 0
    },
    async run(ctx) {
      for (const { file, text } of await outdated()) await writeFileAtomic(file, text, { mode: 0o600 })
      await w.deps.config.set(w.instance, [{ path: versionKey, value: to.text }], w.by)
      for (const name of await unprepared(ctx)) await configurationOf(name).prepare(ctx)
      w.deps.instances.changed(w.instance, 'cluster')
      ctx.result({ version: to.text })
    },
    plan: async () => [
      { kind: 'file', text: `Write ${versionKey}: ${to.text} into config.yaml and into the machine configurations` },
    ],
  }
}
