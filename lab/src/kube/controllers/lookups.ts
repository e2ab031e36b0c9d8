import type { KubeObject, ObjectStore } from '../objects.ts'

type Spec = KubeObject['spec']

/** The address the cluster's DNS answers for a name below a domain of its own, as its Corefile says; undefined when it has none. */
export function answerOf(objects: ObjectStore, host: string): string | undefined {
  const text: string = objects.get('ConfigMap', 'kube-system', 'coredns')?.data?.Corefile ?? ''
  for (const [, domain = '', body = ''] of text.matchAll(/^([a-z0-9][-a-z0-9.]*):53 \{\n([\s\S]*?)^\}/gm))
    if (host === domain || host.endsWith(`.${domain}`)) return /\bIN A (\d+\.\d+\.\d+\.\d+)/.exec(body)?.[1]
  return undefined
}

/** Whether a container that looks up a name until it has an address would still be at it. */
export function looksUpInVain(
  objects: ObjectStore,
  { command = [], args = [] }: Spec,
  env: Record<string, string>,
): boolean {
  if (![...command, ...args].join(' ').includes('nslookup')) return false
  return answerOf(objects, env.HOST ?? '') !== env.ADDRESS
}
