import type { Version } from './history.ts'
import { builder } from './schema-builder.ts'

/** A version of a YAML file; other domains with versions show theirs as this. */
export const VersionType = builder.objectRef<Version>('FileVersion').implement({
  description: 'One state of a file that keeps its versions, such as config.yaml.',
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'Its number, from 1.' }),
    at: t.field({ type: 'DateTime', description: 'When it was written, or noticed.', resolve: ({ at }) => at }),
    via: t.exposeString('via', { description: 'Through what: web, cli, api, daemon, or file (by hand).' }),
    reason: t.exposeString('reason', { description: 'Why, for people.' }),
    sha256: t.exposeString('sha256', { description: 'Fingerprint of the text.' }),
    keys: t.stringList({
      description: 'Keys that differ from the version before.',
      resolve: ({ keys }) => keys ?? [],
    }),
  }),
})
