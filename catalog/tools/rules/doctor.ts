import { type AppEntry, manifestFile } from '../entries.ts'
import type { Finding } from '../problem.ts'
import { scenarios } from '../scenarios.ts'
import { appsOf, objectsOf, type World } from '../world.ts'
import type { Rule } from './rule.ts'

/** Does it have an address, in any of the instances looked at? */
const isReached = (world: World, entry: AppEntry): boolean =>
  scenarios.some((scenario) => objectsOf(world, entry, scenario).some(({ object }) => object.kind === 'Ingress'))

function unasked(world: World, entry: AppEntry): Finding[] {
  const { url, doctor } = entry.manifest
  if (!isReached(world, entry)) return []
  const file = manifestFile(entry.source)
  const asked = doctor.some(({ check }) => check === 'http')
  return [
    ...(url === undefined
      ? [{ file, key: 'url', message: 'is missing, but the app has an Ingress: say where to find it' }]
      : []),
    ...(asked
      ? []
      : [
          {
            file,
            key: 'doctor',
            message: 'asks for no page, but the app has an Ingress: add a check http with a path that needs no login',
          },
        ]),
  ]
}

export const doctorRules: Rule[] = [
  {
    name: 'address-is-asked',
    about: 'An app with an Ingress says its url, and its doctor asks at least one page of it.',
    check: (world) => appsOf(world).flatMap((entry) => unasked(world, entry)),
  },
]
