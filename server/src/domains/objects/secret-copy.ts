import type { KubeObject } from '../../tools/kubectl.ts'
import { secretData } from './model.ts'

/** A Secret as it is in another namespace: its type and data, and nothing of its old life. */
export function secretCopy(original: KubeObject, namespace: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: original.type,
    metadata: { name: original.metadata.name, namespace, labels: { managedBy: 'wild-central' } },
    data: secretData(original),
  }
}

/** Every value of a Secret, as it is stored and as it is meant, for masking. */
export function valuesOf(secret: KubeObject): string[] {
  return Object.values(secretData(secret)).flatMap((value) => [value, Buffer.from(value, 'base64').toString()])
}
