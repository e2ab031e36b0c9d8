import fc from 'fast-check'
import { expect, it } from 'vitest'
import { encodeMessage } from '../src/talos-api/messages.ts'
import { definitionSpec, rpcs } from './messages.ts'
import { decode } from './protobuf.ts'

const word = fc.string({ maxLength: 40 })

it('reads what the machines write, whatever it holds', () => {
  const member = fc.record({
    id: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    hostname: word,
    peer_urls: fc.array(word),
    is_learner: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(member), (members) => {
      const bytes = encodeMessage('machine.EtcdMemberListResponse', {
        messages: [{ members: members.map((one) => ({ ...one, id: one.id.toString() })) }],
      })
      const read = decode(rpcs.etcdMemberList.response, bytes).messages[0].members
      expect(read).toEqual(members.map((one) => ({ ...one, client_urls: [] })))
    }),
  )
  fc.assert(
    fc.property(word, fc.array(word), fc.integer({ min: 0, max: 1 }), (resource_type, all_aliases, sensitivity) => {
      const bytes = encodeMessage('cosi.resource.ResourceDefinitionSpec', { resource_type, all_aliases, sensitivity })
      expect(decode(definitionSpec, bytes)).toMatchObject({ resource_type, all_aliases, sensitivity })
    }),
  )
})

it('refuses bytes that are cut off', () => {
  const bytes = encodeMessage('cosi.resource.ResourceDefinitionSpec', { resource_type: 'Disks.block.talos.dev' })
  expect(() => decode(definitionSpec, bytes.subarray(0, -1))).toThrow('ends in the middle')
})
