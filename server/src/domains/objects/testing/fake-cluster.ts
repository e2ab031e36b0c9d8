import { WildError } from '../../../platform/errors.ts'
import type { RunTool } from '../../../platform/run-tool.ts'
import { createKubectl, type KubeObject } from '../../../tools/kubectl.ts'

/** A kubectl whose cluster is a map of objects: it keeps what is applied and answers what is asked. Nothing becomes ready by itself. */
export function fakeCluster(start: KubeObject[]) {
  const objects = new Map<string, KubeObject>()
  const key = (kind: string, namespace: string | undefined, name: string) =>
    `${kind.toLowerCase().replace(/s$/, '')} ${namespace ?? ''}/${name}`
  const keyOf = ({ kind, metadata }: KubeObject) => key(kind, metadata.namespace, metadata.name)
  const put = (object: KubeObject) => void objects.set(keyOf(object), object)
  for (const object of start) put(object)
  const applied: KubeObject[] = []
  const deleted: string[] = []
  /** Failures of the next calls of a verb. */
  const failures: Record<string, WildError[]> = {}
  let logs = ''

  const flagOf = (args: string[], flag: string) => (args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined)

  const run: RunTool = async ({ args: all, input }) => {
    const args = all.slice(3)
    const [verb, kind, name] = args as [string, string, string]
    const failure = failures[verb]?.shift()
    if (failure) throw failure
    return { stdout: answer(verb, kind, name, args, input), stderr: '', exitCode: 0 }
  }

  function answer(verb: string, kind: string, name: string, args: string[], input?: string): string {
    const given = (input ?? '').split('---\n').flatMap((text) => (text ? [JSON.parse(text) as KubeObject] : []))
    const list = (items: (KubeObject | undefined)[]) => JSON.stringify({ kind: 'List', items: items.filter(Boolean) })
    const namespace = flagOf(args, '-n')
    if (verb === 'logs') return logs
    if (verb === 'apply') {
      for (const object of given) put({ ...objects.get(keyOf(object)), ...object })
      applied.push(...given)
      return ''
    }
    if (verb === 'delete') {
      objects.delete(key(kind, namespace, name))
      deleted.push(`${kind} ${namespace}/${name}`)
      return ''
    }
    if (verb !== 'get') throw new WildError('TOOL_FAILED', `the fake has no ${verb}`)
    if (kind === '-f') return list(given.map((object) => objects.get(keyOf(object))))
    if (name.startsWith('-'))
      return list(
        [...objects.values()].filter(
          (object) => key(object.kind, '', '') === key(kind, '', '') && object.metadata.namespace === namespace,
        ),
      )
    return list([objects.get(key(kind, namespace, name))])
  }

  return {
    run,
    kubectl: createKubectl(run, { kubeconfig: '/none', home: '/none' }),
    put,
    applied,
    deleted,
    failures,
    say: (text: string) => {
      logs = text
    },
    find: (kind: string, namespace: string | undefined, name: string) => objects.get(key(kind, namespace, name)),
  }
}
