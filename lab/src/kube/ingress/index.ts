import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ControllerContext, Reconciler } from '../controllers/context.ts'
import { addressOf } from '../controllers/load-balancers.ts'
import type { ObjectStore } from '../objects.ts'
import { answer } from './answer.ts'
import { createCertificates } from './certificates.ts'
import { customRoutes } from './custom-routes.ts'
import { ingressRoutes, servedIngresses } from './ingress-routes.ts'
import { type IngressPorts, type Listener, openListener, type Site } from './listeners.ts'
import { type Gateway, gatewaysOf, mayAccess } from './traefik.ts'

const publishedKey = 'providers.kubernetesingress.ingressendpoint.publishedservice'
const retryLabMs = 5000

/** Where people and programs read on which ports the ingress answers. */
function writePorts(labDirectory: string, ports: IngressPorts): void {
  const file = join(labDirectory, 'ingress.json')
  writeFileSync(`${file}.new`, `${JSON.stringify(ports)}\n`)
  renameSync(`${file}.new`, file)
}

/** Traefik shows the address of the Service it was told to publish on every Ingress it serves. */
function publishStatus({ objects }: ControllerContext, gateway: Gateway): void {
  const [namespace = '', name = ''] = (gateway.settings.get(publishedKey) ?? '').split('/')
  const published = objects.get('Service', namespace, name)
  const ip = published === undefined ? undefined : addressOf(published)
  if (ip === undefined || !mayAccess(objects, gateway, 'networking.k8s.io', 'ingresses/status', 'update')) return
  for (const ingress of servedIngresses(objects, gateway)) {
    objects.updateStatus(ingress, { ...ingress.status, loadBalancer: { ingress: [{ ip }] } })
  }
}

/** The ingress of one cluster: a reconciler, and listeners to close in the end. */
export function createIngress(): { reconciler: Reconciler; close(): Promise<void> } {
  const listeners = new Map<string, Listener>()
  const certificates = createCertificates()

  const siteOf = async (objects: ObjectStore, gateway: Gateway): Promise<Site> => {
    const { http, https, address } = gateway
    const routes = [...ingressRoutes(objects, gateway), ...customRoutes(objects, gateway)]
    const securePort = () => listeners.get(address)?.ports.https ?? 443
    return {
      http,
      https,
      certificate: await certificates.choose(objects, gateway),
      fallback: await certificates.fallback(),
      answer: (request) => answer(objects, gateway, routes, request, securePort()),
    }
  }
  const open = async (context: ControllerContext, address: string, site: Site): Promise<void> => {
    try {
      const listener = await openListener(address, site)
      listeners.set(address, listener)
      writePorts(context.labDirectory, listener.ports)
    } catch (error) {
      context.log(`ingress: cannot listen on ${address}: ${(error as Error).message}`)
      context.moments.wakeIn(retryLabMs)
    }
  }
  const closeUnused = async (used: Set<string>): Promise<void> => {
    for (const [address, listener] of listeners) {
      if (used.has(address)) continue
      listeners.delete(address)
      await listener.close()
    }
  }

  return {
    reconciler: {
      name: 'ingress',
      watches: [
        'ClusterRole',
        'ClusterRoleBinding',
        'Ingress',
        'IngressClass',
        'IngressRoute',
        'Middleware',
        'Pod',
        'Secret',
        'Service',
      ],
      reconcile: async (context) => {
        const gateways = gatewaysOf(context.objects)
        await closeUnused(new Set(gateways.map(({ address }) => address)))
        for (const gateway of gateways) {
          const site = await siteOf(context.objects, gateway)
          const listener = listeners.get(gateway.address)
          if (listener === undefined) await open(context, gateway.address, site)
          else listener.site = site
          publishStatus(context, gateway)
        }
      },
    },
    close: () => closeUnused(new Set()),
  }
}
