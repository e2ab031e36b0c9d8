import type { Audit } from '../../../platform/audit.ts'
import type { Door } from '../../../platform/door.ts'
import { asWildError, WildError } from '../../../platform/errors.ts'
import type { Masker } from '../../../platform/masking.ts'
import { createKubectl } from '../../../tools/kubectl.ts'
import type { InstallDeps } from '../deps.ts'

/** A token to log in with, and until when it is good. */
export interface ServiceToken {
  service: string
  token: string
  expiresAt: string
}

/** Makes tokens for services that people log in to. */
export interface ServiceTokens {
  /**
   * A new token of the account the service names, noted in the audit log, kept nowhere. Throws NOT_FOUND for an unknown
   * service, INVALID_INPUT for one nobody logs in to, CONFLICT while it is not installed, CLUSTER_UNREACHABLE.
   */
  create(instance: string, service: string, via: Door): Promise<ServiceToken>
}

type Deps = Pick<InstallDeps, 'instances' | 'catalog' | 'reads'> & { audit: Audit; masker: Masker }

const hourSeconds = 3_600

/** Tokens over the cluster's own token requests. */
export function createServiceTokens({ instances, catalog, reads, audit, masker }: Deps): ServiceTokens {
  return {
    async create(instance, service, via) {
      await instances.require(instance)
      const { name, title, namespace, token: wanted } = (await catalog.service(service)).manifest
      if (!wanted)
        throw new WildError('INVALID_INPUT', `${title} has no log-in that takes a token.`, { field: 'service', name })
      const { kubeconfig, home } = instances.paths(instance)
      try {
        const made = await createKubectl(reads, { kubeconfig, home }).token(
          wanted.account,
          namespace,
          wanted.hours * hourSeconds,
        )
        masker.add([made.token])
        audit.record({ action: 'service.token', door: via, instance, key: name })
        return { service: name, ...made }
      } catch (error) {
        if (!isAbsent(error)) throw error
        throw new WildError('CONFLICT', `${title} is not installed in ${instance}.`, {
          name,
          hint: `wild-cli service install ${name}`,
        })
      }
    },
  }
}

/** There is no cluster yet, or no such account in it. */
function isAbsent(error: unknown): boolean {
  const { message, details } = asWildError(error)
  return /not found|no such file|does not exist/i.test(`${message} ${String(details?.output ?? '')}`)
}
