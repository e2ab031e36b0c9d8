import type { PassThrough } from 'node:stream'
import type { StepContext } from '../../operations/define.ts'
import type { BackupPart } from './model.ts'
import type { PartNotes } from './notes.ts'
import { pump, type Vault } from './vault/vault.ts'

/** A backup being made: its streams go to the vault one by one. */
export interface Making {
  id: string
  vault: Vault
  notes: PartNotes
}

const step = 256 * 1024 * 1024

/** "1.5 GB", for people. */
export function sizeText(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}

/** True when a backup is finished. */
export async function isFinished({ id, vault }: Making, ctx: StepContext): Promise<boolean> {
  return (await vault.list(ctx.run)).some((one) => one.id === id && one.manifest !== undefined)
}

/** Parts that are in the vault and of which it is known what they are. */
export async function madeParts({ id, vault, notes }: Making, ctx: StepContext): Promise<BackupPart[]> {
  const stored = (await vault.list(ctx.run)).find((one) => one.id === id)
  return (await notes.of(id)).filter(({ name }) => stored?.parts.includes(name))
}

/** Stores one part, unless it is there already. `produce` writes it into a stream. */
export async function storePart(
  making: Making,
  ctx: StepContext,
  about: Omit<BackupPart, 'bytes' | 'sha256'>,
  produce: (into: PassThrough) => Promise<unknown>,
): Promise<void> {
  if ((await madeParts(making, ctx)).some(({ name }) => name === about.name)) return
  let told = 0
  const measure = await pump(
    produce,
    (from) => making.vault.put(ctx.run, making.id, about.name, from),
    (bytes) => {
      if (bytes - told < step) return
      told = bytes
      ctx.say(`${about.source ?? about.name}: ${sizeText(bytes)} so far`)
    },
  )
  await making.notes.add(making.id, { ...about, ...measure })
  ctx.say(`${about.source ?? about.name}: ${sizeText(measure.bytes)}`)
}
