import type { BuiltObject } from '../build.ts'
import { containersOf, type KubeObject } from '../kube-object.ts'
import type { Finding } from '../problem.ts'
import { eachOwnObject } from '../world.ts'
import type { Rule } from './rule.ts'

const jobSpec = ({ kind, spec }: KubeObject) =>
  kind === 'Job' ? spec : kind === 'CronJob' ? spec?.jobTemplate?.spec : undefined

function bounds({ object, file }: BuiltObject): Finding[] {
  const spec = jobSpec(object)
  if (spec === undefined) return []
  return ['backoffLimit', 'activeDeadlineSeconds', 'ttlSecondsAfterFinished']
    .filter((field) => typeof spec[field] !== 'number')
    .map((field) => ({ file, key: `spec.${field}`, message: 'is missing: set it, a Job must end and be tidied away' }))
}

const text = (object: KubeObject): string =>
  containersOf(object)
    .flatMap(({ container }) => [...(container.command ?? []), ...(container.args ?? [])])
    .join('\n')

/** What makes a database script safe to run twice. */
function repeatable({ object, file }: BuiltObject): Finding[] {
  if (object.kind !== 'Job' || !object.metadata.name.endsWith('-db-init')) return []
  const script = text(object)
  const key = 'spec.template.spec.containers[0].args'
  const wanted: [RegExp, string][] = [
    [
      /if not exists|pg_database|\\gexec/i,
      'makes the database without looking whether it is there: ask first, or say IF NOT EXISTS',
    ],
    [
      /alter (user|role)\b[^;]*(identified by|password)/i,
      'does not give an existing user the current password: add ALTER USER or ALTER ROLE',
    ],
  ]
  return wanted.filter(([pattern]) => !pattern.test(script)).map(([, message]) => ({ file, key, message }))
}

function passwords({ object, file }: BuiltObject): Finding[] {
  return containersOf(object).flatMap(({ container, key }) => {
    const words = [...(container.command ?? []), ...(container.args ?? [])].join('\n')
    const probes = ['readinessProbe', 'livenessProbe', 'startupProbe'].flatMap(
      (name) => container[name]?.exec?.command ?? [],
    )
    const shown = /(--password=|--requirepass|\s-p"?\$|\s-a\s+"?\$)/.exec([words, ...probes].join('\n'))?.[0]
    const message = `hands a password over as an argument (${shown?.trim()}): process lists show it, use the environment or a file`
    return shown === undefined ? [] : [{ file, key, message }]
  })
}

export const jobRules: Rule[] = [
  {
    name: 'jobs-end',
    about: 'Jobs give up, time out and are removed when done.',
    check: (world) => eachOwnObject(world, bounds),
  },
  {
    name: 'db-init-runs-twice',
    about: 'A db-init Job makes what is missing and updates the password of what is there.',
    check: (world) => eachOwnObject(world, repeatable),
  },
  {
    name: 'no-password-arguments',
    about: 'Passwords reach programs by environment, file or standard input.',
    check: (world) => eachOwnObject(world, passwords),
  },
]
