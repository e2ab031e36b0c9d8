import { z } from 'zod'
import { instanceName, macAddress } from '../../platform/names.ts'
import type { Architecture } from '../talos/index.ts'

/** What a machine gets that is not told apart: a menu on its screen, nothing, or what an instance boots. */
export const unknownPolicies = ['menu', 'nothing', 'instance'] as const
export type UnknownPolicy = (typeof unknownPolicies)[number]

/** The section `pxe` of central.yaml. */
export const pxeSettings = z.strictObject({
  enabled: z.boolean(),
  unknown: z.enum(unknownPolicies),
  /** What unknown machines boot with `unknown: instance`. */
  instance: instanceName.optional(),
  /** Instance by hardware address. */
  machines: z.record(macAddress, instanceName),
})
export type PxeSettings = z.output<typeof pxeSettings>

export const pxeChange = pxeSettings.pick({ enabled: true, unknown: true, instance: true }).partial()
export type PxeChange = z.input<typeof pxeChange>

export const initialSettings: PxeSettings = { enabled: false, unknown: 'menu', machines: {} }

/** How far a boot came: the script was sent, the kernel, all of it; or the machine was sent on, or files were missing. */
export const bootStages = ['script', 'kernel', 'booted', 'turned_away', 'missing'] as const
export type BootStage = (typeof bootStages)[number]

/** One machine that booted from here. */
export interface Boot {
  id: string
  mac: string
  ip: string
  architecture: Architecture
  /** What it boots; absent while it shows a menu, or got nothing. */
  instance?: string
  stage: BootStage
  /** ISO 8601. */
  startedAt: string
  updatedAt: string
}

/** What is known about a machine that asks. */
export interface Asking {
  mac?: string
  architecture: Architecture
}

/** What a machine boots, and why. */
export interface Decision {
  /** `menu`, `nothing`, or an instance. */
  what: 'menu' | 'nothing' | 'instance'
  instance?: string
  reason: string
}

/** Which instance a machine boots: named by hand, else the one it is a node of, else what is set for unknown ones. */
export function decide(
  settings: PxeSettings,
  nodes: { mac: string; instance: string; node: string }[],
  mac: string | undefined,
): Decision {
  const assigned = mac ? settings.machines[mac] : undefined
  if (assigned) return { what: 'instance', instance: assigned, reason: 'it was assigned' }
  const node = nodes.find((one) => one.mac === mac)
  if (node) return { what: 'instance', instance: node.instance, reason: `it is ${node.node}` }
  if (settings.unknown === 'instance' && settings.instance)
    return { what: 'instance', instance: settings.instance, reason: 'nobody said otherwise' }
  return { what: settings.unknown === 'menu' ? 'menu' : 'nothing', reason: 'the machine is not known' }
}

/** Architecture by the word of iPXE's `buildarch`; Talos runs on 64 bits only, so `i386` is the loader for BIOS. */
export function architectureOf(word: string | null | undefined): Architecture {
  return word?.startsWith('arm') ? 'arm64' : 'amd64'
}
