/** What the scheduler says of a pod no machine takes, in plain words: "0/3 nodes are available: …". */
export function whyPending(message: string): string {
  const reasons = [...new Set(phrases.filter(([pattern]) => pattern.test(message)).map(([, words]) => words))]
  return reasons.length ? reasons.join('; ') : message.replace(/\.$/, '')
}

const phrases: [RegExp, string][] = [
  [/Insufficient memory/i, 'no machine has enough memory left'],
  [/Insufficient cpu/i, 'no machine has enough CPU left'],
  [/Insufficient nvidia\.com\/gpu/i, 'no machine has a free graphics card'],
  [/Insufficient ephemeral-storage/i, 'no machine has enough disk space left'],
  [/persistentvolumeclaim "[^"]+" not found/i, 'its volume was not made yet'],
  [/unbound immediate PersistentVolumeClaims/i, 'its volume has no place yet. Is the storage service running?'],
  [/volume node affinity conflict/i, 'its volume lies on a machine that cannot take it'],
  [/untolerated taint/i, 'the machines that are left are set aside for something else'],
  [/were unschedulable/i, 'machines are cordoned'],
  [/didn't match Pod's node affinity\/selector/i, 'no machine has the label it asks for'],
  [/didn't have free ports/i, 'the port it wants is taken on every machine'],
]

/** What an event of the type Warning means, in plain words; undefined for those that say it well themselves. */
export function plainEvent(reason: string, message: string): string | undefined {
  const storageClass = /storageclass\S* "([^"]+)" not found/i.exec(message)?.[1]
  if (storageClass) return `There is no storage class ${storageClass}: install the service that brings it.`
  if (reason === 'FailedScheduling') return `No machine takes it: ${whyPending(message)}.`
  if (reason === 'FailedMount' || reason === 'FailedAttachVolume')
    return `Its volume cannot be attached: ${message.replace(/\.$/, '')}.`
  if (reason === 'Failed' && /^Failed to pull image/.test(message))
    return `The image ${/"([^"]+)"/.exec(message)?.[1] ?? ''} cannot be pulled. Check its name and the internet connection.`
  if (reason === 'BackOff' && /pulling image/i.test(message)) return 'Its image cannot be pulled; it is tried again.'
  if (reason === 'BackOff') return 'It ended again and again; the next start waits a while.'
  if (reason === 'Evicted') return `Its machine ran out of something and sent it away: ${message.replace(/\.$/, '')}.`
  if (reason === 'Unhealthy') return `It does not answer its health check: ${message.replace(/\.$/, '')}.`
  if (/no space left on device/i.test(message)) return 'A volume or disk is full.'
  return undefined
}
