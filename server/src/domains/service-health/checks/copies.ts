import { wildcardCopies } from '../../objects/index.ts'
import type { Look } from '../look.ts'
import { bad, type Finding, well } from '../model.ts'

/** The wildcard certificates next to the ingresses that use them are those cert-manager holds now. */
export async function copies(look: Look): Promise<Finding> {
  const ingresses = await look.list('networking.k8s.io/v1', 'Ingress')
  const { wanted, stale, absent } = await wildcardCopies(look.kubectl, ingresses)
  if (absent.length) return bad(`${absent.join(' and ')} was not issued yet.`)
  const names = stale.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
  return names.length ? bad(`Not up to date: ${names.join(', ')}.`) : well(`${wanted} copies are up to date.`)
}
