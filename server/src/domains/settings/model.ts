import { z } from 'zod'

const wholeNumber = (least: number, most: number) =>
  z
    .number(`Write a whole number from ${least} to ${most}.`)
    .int('Write a whole number.')
    .min(least, `At least ${least}.`)
    .max(most, `At most ${most}.`)

/** A setting of the daemon: where it stands in central.yaml, and what it may hold. */
export interface SettingKey {
  key: string
  help: string
  default: number
  schema: z.ZodType<number>
}

/** Every setting that is changed here. Other sections of central.yaml have doors of their own (`sections`). */
export const settingKeys = [
  {
    key: 'operations.keep',
    help: 'How many ended operations are remembered, with their steps, log and commands.',
    default: 1_000,
    schema: wholeNumber(10, 100_000),
  },
  {
    key: 'operations.keepDays',
    help: 'For how many days ended operations are remembered.',
    default: 90,
    schema: wholeNumber(1, 3_650),
  },
  {
    key: 'trash.keepDays',
    help: 'For how many days deleted instances stay in the trash.',
    default: 30,
    schema: wholeNumber(1, 36_500),
  },
] as const satisfies SettingKey[]

export type SettingName = (typeof settingKeys)[number]['key']

/** Sections of central.yaml that are changed elsewhere, because more than the file changes with them, and how. */
export const sections: Record<string, string> = {
  context: 'wild-cli context use INSTANCE',
  dnsmasq: 'wild-cli dns set',
  pxe: 'wild-cli pxe',
  backups: 'wild-cli backup schedule',
}
