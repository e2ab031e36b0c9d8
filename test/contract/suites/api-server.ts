import { spawn } from 'node:child_process'
import { readWorld } from '../../../catalog/tools/lint.ts'
import { fakeNode } from '../api-server/arguments.ts'
import { type Rig, startRig } from '../api-server/rig.ts'
import { outcome, type Suite, type Tools } from '../suite.ts'

// biome-ignore lint/suspicious/noExplicitAny: objects of any kind
type Loose = any

/** Runs kubectl against a rig with objects on its standard input. */
export function kubectl(
  tools: Tools,
  rig: Rig,
  args: string[],
  objects: Loose[] = [],
): Promise<{ exit: number; said: string }> {
  const child = spawn(tools.get('kubectl')!, ['--kubeconfig', rig.kubeconfig, '--request-timeout=30s', ...args], {
    env: { PATH: process.env.PATH, HOME: rig.places.folder },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  child.stdin.on('error', () => {})
  child.stdin.end(objects.map((object) => `---\n${JSON.stringify(object)}\n`).join(''))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ exit: code ?? -1, said }))
  })
}

const apply = ['apply', '--server-side', '--field-manager=wild-central', '--force-conflicts', '--validate=strict']

/** What has to be there before the others can be judged: kinds and namespaces. */
export function foundations(objects: Loose[]): { kinds: Loose[]; namespaces: Loose[] } {
  const kinds = objects.filter(({ kind }) => kind === 'CustomResourceDefinition')
  const names = new Set<string>(objects.flatMap(({ metadata }) => metadata.namespace ?? []))
  const made = objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name)
  const all = [...new Set([...names, ...made])].filter((name) => name !== 'default' && !name.startsWith('kube-'))
  return {
    kinds: [...new Map(kinds.map((kind) => [kind.metadata.name, kind])).values()],
    namespaces: all.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  }
}

/** Every object of the catalog, for three kinds of instance, is accepted by a real API server that checks every field. */
export const strictValidationSuite: Suite = {
  title: 'objects of the catalog, checked strictly by an API server',
  needs: ['etcd', 'kube-apiserver', 'kubectl'],
  async run(tools) {
    const result = outcome()
    const { builds } = await readWorld()
    const full = builds.filter(({ objects }) => objects.length > 0)
    const rig = await startRig(tools, ['etcd', 'kube-apiserver'])
    try {
      const { kinds, namespaces } = foundations(full.flatMap(({ objects }) => objects.map(({ object }) => object)))
      const first = await kubectl(tools, rig, [...apply, '-f', '-'], [...namespaces, ...kinds])
      result.same('namespaces and kinds of the catalog', '', first.exit === 0 ? '' : first.said)
      if (kinds.length > 0)
        await kubectl(tools, rig, ['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s'])
      const disturbAt = Math.floor(full.length / 2)
      for (const [index, build] of full.entries()) {
        // An API server that restarts in the middle has forgotten nothing.
        if (index === disturbAt) await rig.restartApi()
        const objects = build.objects.map(({ object }) => object)
        const { exit, said } = await kubectl(tools, rig, [...apply, '--dry-run=server', '-f', '-'], objects)
        const what = `${build.entry.manifest.name}${build.part && `/${build.part}`} for ${build.scenario.name}`
        result.same(what, '', exit === 0 ? '' : refusals(said))
      }
    } finally {
      await rig.stop()
    }
    return result
  },
}

/** The lines in which kubectl tells what was refused. */
export const refusals = (said: string): string =>
  said
    .split('\n')
    .filter((line) => /error|invalid|unknown|forbidden|strict/i.test(line))
    .join('\n') || said.trim()

/** Nodes without machines, kept ready by kwok. */
export const giveNodes = (tools: Tools, rig: Rig, names: string[]) =>
  kubectl(tools, rig, ['apply', '--server-side', '-f', '-'], names.map(fakeNode))
