import { createHash } from 'node:crypto'
import { stringify } from 'yaml'
import { z } from 'zod'

const listed = (most: number) =>
  z.array(z.string().min(1, 'An entry is empty.').max(500, 'At most 500 characters.')).max(most)

/** What names of extensions may hold; without an owner `siderolabs/` is meant. */
export const extensionName = z
  .string()
  .max(200)
  .regex(/^([a-z0-9-]+\/)?[a-z0-9][a-z0-9.-]*$/, 'This is not a system extension (like siderolabs/iscsi-tools).')
  .transform((name) => (name.includes('/') ? name : `siderolabs/${name}`))

/** One argument on the kernel's command line; a leading "-" takes one away. */
export const kernelArgument = z
  .string()
  .max(500, 'At most 500 characters.')
  .regex(/^-?[a-zA-Z0-9_][\x21-\x7e]*$/, 'This is not a kernel argument (like console=ttyS0 or -console).')

/** A schematic as the image factory takes it (facts/tools.md section 3); fields stand in the order of its canonical form. */
export const schematic = z.strictObject({
  overlay: z
    .strictObject({
      image: z.string().optional(),
      name: z.string().optional(),
      options: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
  customization: z
    .strictObject({
      extraKernelArgs: z.array(kernelArgument).max(100, 'At most 100.').optional(),
      meta: z.array(z.strictObject({ key: z.int().min(0).max(255), value: z.string().max(10_000) })).optional(),
      systemExtensions: z.strictObject({ officialExtensions: listed(100).optional() }).optional(),
      bootloader: z.enum(['auto', 'dual-boot', 'grub', 'sd-boot']).optional(),
      secureboot: z
        .strictObject({ enrollKeys: z.string().optional(), includeWellKnownCertificates: z.boolean().optional() })
        .optional(),
      diskImage: z.strictObject({ sectorSize: z.int().optional() }).optional(),
    })
    .default({}),
})
export type Schematic = z.output<typeof schematic>

/** The text whose SHA-256 is the id: fields in order, empty ones left out except `customization`, four spaces. */
export function canonicalSchematic(given: Schematic): string {
  const parsed = schematic.parse(given)
  const { overlay, customization } = (pruned(parsed) ?? {}) as { overlay?: unknown; customization?: unknown }
  const tree = { ...(overlay ? { overlay } : {}), customization: customization ?? {} }
  return stringify(tree, { indent: 4, lineWidth: 0, aliasDuplicateObjects: false })
}

/** Id of a schematic, worked out without asking anybody. */
export function schematicIdOf(given: Schematic): string {
  return createHash('sha256').update(canonicalSchematic(given)).digest('hex')
}

/** Without empty fields; undefined when nothing is left. Lists keep their order, which counts. */
function pruned(value: unknown): unknown {
  if (value === undefined || value === null || value === '' || value === false) return undefined
  if (Array.isArray(value)) return value.length ? value : undefined
  if (typeof value !== 'object') return value
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const kept = pruned(inner)
    return kept === undefined ? [] : [[key, kept] as const]
  })
  return entries.length ? Object.fromEntries(entries) : undefined
}
