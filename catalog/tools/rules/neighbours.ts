import type { Finding } from '../problem.ts'
import type { World } from '../world.ts'
import type { Rule } from './rule.ts'

const serviceHost = /\b([a-z0-9][-a-z0-9]*)\.([a-z0-9][-a-z0-9]*)\.svc(?:\.cluster\.local)?\b/g

/** Hosts inside the cluster that an app's files name, and to whom they belong. */
function strangers(world: World): Finding[] {
  return world.builds.flatMap(({ entry, rendered }) => {
    if (entry.kind === 'service') return []
    const { name, dependsOn } = entry.manifest
    return [...rendered].flatMap(([file, text]) =>
      [...text.matchAll(serviceHost)]
        .filter(([, , namespace]) => namespace !== name && !dependsOn.includes(namespace!))
        .map(([host, , namespace]) => ({
          file,
          key: '',
          message: `talks to ${host}: add ${namespace} to dependsOn, or it may not be there`,
        })),
    )
  })
}

export const neighbourRules: Rule[] = [
  {
    name: 'neighbours-are-dependencies',
    about: 'An app talks to itself and to apps it depends on.',
    check: strangers,
  },
]
