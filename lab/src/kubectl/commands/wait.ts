import { setTimeout as sleep } from 'node:timers/promises'
import { CommandError, ServerError } from '../errors.ts'
import { bool, duration, type Flags, known, list, text } from '../flags.ts'
import { pathOf, shownName } from '../mapper.ts'
import { resolve } from '../print/json-path.ts'
import type { Session } from '../session.ts'
import { readTargets, type Target } from '../targets.ts'

export const waitFlags: Flags = {
  all: bool(),
  'all-namespaces': bool('A'),
  'field-selector': text(),
  filename: list('f'),
  for: text(),
  recursive: bool('R'),
  selector: text('l'),
  timeout: text(),
  ...known('allow-missing-template-keys! local! output show-managed-fields! template'),
}

/** How often the objects are looked at. */
const lookEvery = 100

// biome-ignore lint/suspicious/noExplicitAny: objects come as JSON of any shape
type Json = any
type Test = (object: Json | undefined) => boolean

function condition(text: string): Test {
  const [type = '', wanted = 'true'] = text.split('=')
  return (object) =>
    ((object?.status?.conditions ?? []) as Json[]).some(
      (one) => one.type.toLowerCase() === type.toLowerCase() && one.status.toLowerCase() === wanted.toLowerCase(),
    )
}

function jsonPath(text: string): Test {
  const match = /^'?\{(.*)\}'?(?:=(.*))?$/.exec(text)
  if (match === null)
    throw new CommandError(
      `jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'`,
    )
  return (object) => {
    const found = object === undefined ? [] : resolve(match[1]!, object)
    return found.length > 0 && (match[2] === undefined || String(found[0]) === match[2].replace(/^["']|["']$/g, ''))
  }
}

function testOf(text: string | undefined): { test: Test; what: string } {
  const [how = '', rest = ''] = [text?.split('=')[0], text?.slice(text.indexOf('=') + 1)]
  if (text === 'delete') return { test: (object) => object === undefined, what: 'delete' }
  if (text === 'create') return { test: (object) => object !== undefined, what: 'create' }
  if (how === 'condition') return { test: condition(rest), what: 'condition' }
  if (how === 'jsonpath') return { test: jsonPath(rest), what: 'condition' }
  throw new CommandError(`unrecognized condition: "${text ?? ''}"`)
}

async function look(session: Session, { mapping, name }: Target, namespace: string): Promise<Json | undefined> {
  try {
    return await (await session.client()).json({ path: pathOf(mapping, namespace, name) })
  } catch (error) {
    if (error instanceof ServerError && error.notFound) return undefined
    throw error
  }
}

async function expand(session: Session, targets: Target[], namespace: string): Promise<Target[]> {
  const found: Target[] = []
  for (const target of targets) {
    if (target.name !== undefined) found.push(target)
    else {
      const query = {
        labelSelector: session.flags.text('selector'),
        fieldSelector: session.flags.text('field-selector'),
      }
      if (!session.flags.is('all') && !query.labelSelector && !query.fieldSelector)
        throw new CommandError('resource(s) were provided, but no name was specified')
      const { items } = await (await session.client()).json({ path: pathOf(target.mapping, namespace), query })
      found.push(...items.map((item: Json) => ({ mapping: target.mapping, name: item.metadata.name })))
    }
  }
  return found
}

/** `wait --for=…`: until every object meets the condition. Exit 1 when the time is over. */
export async function wait(session: Session): Promise<void> {
  const { flags } = session
  const { test, what } = testOf(flags.text('for'))
  const namespace = await session.namespace()
  const patience = duration(flags.text('timeout') ?? '30s', 'timeout')
  const end = Date.now() + (patience < 0 ? 7 * 86_400_000 : patience)
  const targets = await expand(session, await readTargets(session, flags.args), namespace)
  if (targets.length === 0 && what !== 'delete') throw new CommandError('no matching resources found')
  for (const target of targets) {
    for (;;) {
      const object = await look(session, target, namespace)
      if (object === undefined && what === 'condition')
        throw new ServerError({
          reason: 'NotFound',
          message: `${target.mapping.plural}${target.mapping.group && `.${target.mapping.group}`} "${target.name}" not found`,
        })
      if (test(object)) break
      if (Date.now() >= end)
        throw new CommandError(
          what === 'create'
            ? 'timed out waiting for the condition'
            : `timed out waiting for the condition on ${target.mapping.plural}/${target.name}`,
        )
      await sleep(lookEvery)
    }
    session.out(`${shownName(target.mapping, target.name!)} ${what === 'delete' ? 'deleted' : 'condition met'}\n`)
  }
}
