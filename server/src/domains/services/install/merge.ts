import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Step, StepContext } from '../../../operations/define.ts'
import { writeFileAtomic } from '../../../platform/atomic-file.ts'
import { WildError } from '../../../platform/errors.ts'
import type { ServiceManifest } from '../../catalog/index.ts'
import type { ApplyEntry, ServiceWorld } from './world.ts'

type Target = NonNullable<ServiceManifest['apply'][number]['mergeInto']>

const begin = (name: string) =>
  `# wild-central ${name}: begin. Written by Wild Central, changes between these lines are lost.`
const end = (name: string) => `# wild-central ${name}: end`

/** A text without the block of this name: what it was before the block was put in. */
export function withoutBlock(text: string, name: string): string {
  const lines = text.split('\n')
  const from = lines.indexOf(begin(name))
  const to = lines.indexOf(end(name), from)
  if (from < 0 || to < 0) return text
  return [...lines.slice(0, from), ...lines.slice(to + 1)].join('\n')
}

/** A text with the block of this name at its end, in place of an older one. */
export function withBlock(text: string, name: string, block: string): string {
  const before = withoutBlock(text, name)
  const gap = before === '' || before.endsWith('\n') ? '' : '\n'
  return `${before}${gap}${begin(name)}\n${block.replace(/\n$/, '')}\n${end(name)}\n`
}

async function liveText(w: ServiceWorld, ctx: StepContext, { configMap, namespace, key }: Target): Promise<string> {
  const [live] = await w.kubectl(ctx).get('configmap', { name: configMap, namespace })
  const text = (live?.data as Record<string, string> | undefined)?.[key]
  if (typeof text === 'string') return text
  throw new WildError('CONFLICT', `The cluster has no ConfigMap ${namespace}/${configMap} with ${key} to add to.`, {
    hint: 'Talos makes it when the cluster starts. If the cluster runs a DNS of its own, this service is not for it.',
  })
}

async function write(w: ServiceWorld, ctx: StepContext, { configMap, namespace, key }: Target, text: string) {
  const metadata = { name: configMap, namespace }
  await w.kubectl(ctx).apply([{ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [key]: text } }])
}

/** Keeps the text as it was, so that a person can put it back by hand. */
async function keep(w: ServiceWorld, ctx: StepContext, { configMap, key }: Target, text: string): Promise<void> {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8)
  const path = join(w.deps.instances.paths(w.instance).state, 'kept', `${configMap}-${key}-${hash}`)
  await writeFileAtomic(path, text)
  ctx.say(`${key} as it was is kept in ${path}.`)
}

/** One step that keeps a block of this service in a text the cluster owns. Everything around the block stays as it is. */
export function mergeStep(w: ServiceWorld, apply: ApplyEntry, target: Target): Step {
  const { name } = w.entry.manifest

  async function look(ctx: StepContext): Promise<{ live: string; wanted: string }> {
    const maps = (await w.objects(ctx, apply)).filter(({ kind }) => kind === 'ConfigMap')
    const block = (maps[0]?.data as Record<string, string> | undefined)?.[target.key] ?? ''
    const live = await liveText(w, ctx, target)
    return { live, wanted: withBlock(live, name, block) }
  }

  return {
    name: `${apply.kustomize}-merge`,
    title: `Adding to ${target.key} of ${target.configMap}`,
    async done(ctx) {
      const { live, wanted } = await look(ctx)
      return live === wanted
    },
    plan: async () => [
      { kind: 'object', text: `${target.key} of ConfigMap ${target.namespace}/${target.configMap} would get a block` },
    ],
    async run(ctx) {
      const { live, wanted } = await look(ctx)
      await keep(w, ctx, target, withoutBlock(live, name))
      await write(w, ctx, target, wanted)
    },
  }
}

/** One step that takes the block of this service out again; the text is then what it was without it. */
export function unmergeStep(w: ServiceWorld, apply: ApplyEntry, target: Target): Step {
  const { name } = w.entry.manifest
  return {
    name: `${apply.kustomize}-unmerge`,
    title: `Taking the block out of ${target.key} of ${target.configMap}`,
    async done(ctx) {
      const live = await liveText(w, ctx, target)
      return live === withoutBlock(live, name)
    },
    plan: async () => [
      {
        kind: 'object',
        text: `${target.key} of ConfigMap ${target.namespace}/${target.configMap} would lose its block`,
      },
    ],
    run: async (ctx) => write(w, ctx, target, withoutBlock(await liveText(w, ctx, target), name)),
  }
}
