/** Operations that are not a stage of the walk (`stages.ts`), each with why, and the test that runs it instead: with what text it asks. */
export const provenElsewhere: Record<string, { why: string; test: string; asks: string }> = {
  'app.doctor': {
    why: 'it only looks, each time anew',
    test: 'test/journey/workload-life.test.ts',
    asks: "'app', 'doctor', 'ghost'",
  },
  'app.backup': {
    why: 'each run makes another backup: there is nothing to be done already',
    test: 'test/journey/app-backup.test.ts',
    asks: '/backup',
  },
  'app.restore': {
    why: 'each run puts data back, which is what it is asked for again',
    test: 'test/journey/app-backup.test.ts',
    asks: '/restore`',
  },
  'backup.take-etcd': {
    why: 'its one step is all or nothing; run again it finds the snapshot',
    test: 'test/journey/etcd-snapshot.test.ts',
    asks: "'backup', 'take-etcd'",
  },
  'backup.restore': {
    why: 'it makes an instance and is refused once it is there; its one step is all or nothing',
    test: 'test/api/restore-instance.test.ts',
    asks: '/restore${query}`',
  },
  'backup.verify': { why: 'it reads only', test: 'test/api/device-backup.test.ts', asks: '/verify`' },
  'backup.delete': {
    why: 'one step, which removes one file or snapshot',
    test: 'test/api/device-backup.test.ts',
    asks: '/delete`',
  },
  'dnsmasq.apply': {
    why: 'it needs a network of its own with a real dnsmasq',
    test: 'test/lan/dns.test.ts',
    asks: '/dnsmasq/config',
  },
}

/** Operations none of whose steps is left out by the mutation test, each with what would notice instead. */
export const notMutated: Record<string, string> = {
  ...Object.fromEntries(Object.entries(provenElsewhere).map(([type, { test }]) => [type, test])),
  'backup.run': 'test/api/restore-instance.test.ts makes an instance of what was backed up, byte by byte',
  'cluster.renew-access': 'test/journey/cluster-access.test.ts reads the new certificates',
  'cluster.copy-secret': 'test/journey/every-step.test.ts: run again, each copy must be found the same as the original',
  'pxe.download': 'test/lan/pxe.test.ts boots what was downloaded',
  'app.delete': 'test/journey/workload-life.test.ts looks for what is left in the cluster',
  'service.delete': 'test/journey/workload-life.test.ts looks for what is left in the cluster',
  'app.update': 'test/journey/workload-life.test.ts reads the new settings and versions, and those put back',
  'service.update': 'test/journey/every-step.test.ts compares what is in the cluster afterwards',
  'workload.drift': 'test/journey/service-drift.test.ts reads what is live afterwards, and the files',
  'service.copy-certificates': 'test/journey/catalog-services.test.ts looks at the copies after a renewal',
  'cluster.apply': 'test/journey/cluster-changes.test.ts reads what the machines run, in the next plan',
  'cluster.etcd-restore': 'test/journey/etcd-snapshot.test.ts looks for what came back in the cluster',
  'cluster.shutdown': 'test/journey/cluster-changes.test.ts looks whether the machines are off',
  'node.rollback': 'test/journey/upgrade-faults.test.ts reads which Talos the machine runs',
  'node.reset': 'test/journey/reset.test.ts asks etcd and the machine',
  'node.remove': 'test/journey/remove-node.test.ts asks etcd, Kubernetes and the machine',
}
