/** A change to the bundled catalog that breaks one rule: in `file`, `from` becomes `to`. */
export interface Example {
  rule: string
  because: string
  /** Path below the catalog. */
  file: string
  from: string | RegExp
  to: string
}

export const services = 'setup/cluster-services'
export const traefik = `${services}/traefik/kustomize.template/traefik`
export const longhorn = `${services}/longhorn/kustomize.template/longhorn`
