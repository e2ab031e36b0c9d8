import type { Flag } from './flags.ts'

/** Flags that every command for nodes takes. */
export const nodeFlags: Flag[] = [
  { name: 'cluster', type: 'string', usage: 'Cluster to connect to if a proxy endpoint is used.' },
  { name: 'context', type: 'string', usage: 'Context to be used in command' },
  { name: 'endpoints', short: 'e', type: 'strings', usage: 'override default endpoints in Talos configuration' },
  { name: 'nodes', short: 'n', type: 'strings', usage: 'target the specified nodes' },
  { name: 'siderov1-keys-dir', type: 'string', usage: 'The path to the SideroV1 auth PGP keys directory.' },
  { name: 'talosconfig', type: 'string', usage: 'The path to the Talos configuration file.' },
]

/** A flag that takes machine config patches; it may be repeated. */
export const patches = (name: string, short?: string): Flag => ({
  name,
  short,
  type: 'strings',
  verbatim: true,
  usage: 'patch to apply (use @file to read a patch from file)',
})
