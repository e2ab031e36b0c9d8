import type { RestRoute } from '../../platform/rest-route.ts'

const state = 'settings { enabled unknown instance } url interface loaders problem warnings'

export const routes: RestRoute[] = [
  {
    method: 'GET',
    path: '/pxe/status',
    summary: 'How booting from the network is',
    document: `{ pxe { ${state} } }`,
    answer: 'data',
  },
  {
    method: 'PUT',
    path: '/pxe/config',
    summary: 'Switch booting from the network on or off, and say what unknown machines get',
    body: ['enabled', 'unknown', 'instance'],
    document: `mutation ($enabled: Boolean, $unknown: UnknownMachinePolicy, $instance: String) { setPxe(enabled: $enabled, unknown: $unknown, instance: $instance) { ${state} } }`,
    answer: 'data',
  },
  {
    method: 'GET',
    path: '/pxe/machines',
    summary: 'Machines that boot a certain instance',
    document: '{ bootMachines { mac instance reason } }',
    answer: 'data',
    wrap: 'machines',
  },
  {
    method: 'PUT',
    path: '/pxe/machines/{mac}',
    summary: 'Say what a machine boots',
    body: ['instance'],
    document: 'mutation ($mac: String!, $instance: String!) { assignBoot(mac: $mac, instance: $instance) }',
    answer: 'message',
    message: ({ mac, instance }) => `${mac} boots ${instance}`,
  },
  {
    method: 'DELETE',
    path: '/pxe/machines/{mac}',
    summary: 'Forget what a machine was assigned',
    document: 'mutation ($mac: String!) { unassignBoot(mac: $mac) }',
    answer: 'message',
    message: ({ mac }) => `${mac} is no longer assigned`,
  },
  {
    method: 'GET',
    path: '/pxe/boots',
    summary: 'Machines that booted from here, newest first',
    document: '{ boots { id mac ip architecture instance stage startedAt updatedAt } }',
    answer: 'data',
    wrap: 'boots',
  },
  {
    method: 'GET',
    path: '/pxe/script',
    summary: 'The script a machine would get now',
    query: ['mac', 'architecture'],
    document:
      'query ($mac: String, $architecture: Architecture) { bootScript(mac: $mac, architecture: $architecture) }',
    answer: 'text',
  },
]
