import { z } from 'zod'
import { sourceOf } from '../../platform/download.ts'
import { WildError } from '../../platform/errors.ts'
import type { Extension } from './model.ts'

const base = 'https://factory.talos.dev'
const limitMs = 30_000

/** The Talos image factory, or its mirror. Everything throws DOWNLOAD_FAILED when it does not answer. */
export interface Factory {
  /** Talos versions it builds, newest first; betas too. */
  versions(): Promise<string[]>
  /** System extensions for a version. Throws NOT_FOUND for a version it does not know. */
  extensions(version: string): Promise<Extension[]>
  /** The text of a schematic; undefined when nobody told it. */
  schematic(id: string): Promise<string | undefined>
  /** Tells it a schematic; its id. Throws INVALID_INPUT with what it says. */
  upload(yaml: string): Promise<string>
}

const extensionList = z.array(
  z.object({ name: z.string(), description: z.string().catch(''), author: z.string().catch('') }),
)

/** The client (facts/tools.md section 3). */
export function createFactory(options: { mirror?: string; fetch?: typeof fetch }): Factory {
  const get = options.fetch ?? fetch

  async function ask(path: string, init: RequestInit = {}): Promise<Response> {
    const url = sourceOf(`${base}${path}`, options.mirror)
    try {
      return await get(url, { ...init, signal: AbortSignal.timeout(limitMs) })
    } catch (cause) {
      throw unreachable(url, 'does not answer', cause)
    }
  }

  function unreachable(url: string, how: string, cause?: unknown): WildError {
    return new WildError(
      'DOWNLOAD_FAILED',
      `The image factory ${how} (${url}). Check the internet connection${options.mirror ? ' of the mirror' : ''}, then try again.`,
      { url },
      { cause },
    )
  }

  async function json<T>(response: Response, shape: z.ZodType<T>): Promise<T> {
    if (!response.ok) throw unreachable(response.url, `answered ${response.status}`)
    const parsed = shape.safeParse(await response.json().catch(() => undefined))
    if (!parsed.success) throw unreachable(response.url, 'answered something unexpected')
    return parsed.data
  }

  return {
    async versions() {
      const all = await json(await ask('/versions'), z.array(z.string()))
      return all.sort(newestFirst)
    },
    async extensions(version) {
      const response = await ask(`/version/${version}/extensions/official`)
      if (response.status === 404 || response.status === 400)
        throw new WildError('NOT_FOUND', `The image factory has no Talos ${version}.`, {
          name: version,
          hint: 'wild-cli talos versions',
        })
      return json(response, extensionList)
    },
    async schematic(id) {
      const response = await ask(`/schematics/${id}`)
      if (response.status === 404) return undefined
      if (!response.ok) throw unreachable(response.url, `answered ${response.status}`)
      return response.text()
    },
    async upload(yaml) {
      const response = await ask('/schematics', { method: 'POST', body: yaml })
      if (response.status === 400) {
        const said = (await response.text()).slice(0, 500).trim()
        throw new WildError('INVALID_INPUT', `The image factory does not take the schematic: ${said}`, {
          field: 'schematic',
        })
      }
      return (await json(response, z.object({ id: z.string().regex(/^[0-9a-f]{64}$/) }))).id
    },
  }
}

/** Orders versions: newest first, a release before its betas. */
export function newestFirst(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => /^v(\d+)\.(\d+)\.(\d+)(?:-(.+))?$/.exec(text))
  for (const part of [1, 2, 3]) {
    const difference = Number(right?.[part] ?? 0) - Number(left?.[part] ?? 0)
    if (difference) return difference
  }
  const [beta, other] = [left?.[4], right?.[4]]
  if (beta === other) return 0
  if (!beta || !other) return beta ? 1 : -1
  return other.localeCompare(beta, 'en', { numeric: true })
}
