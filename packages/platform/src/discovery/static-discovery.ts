import { type Discovery, ReplicaList } from './replica-list.ts';

/** Services at addresses that stand in the configuration: `{ user: 'http://a:1|http://b:1' }`. */
export function staticDiscovery(addresses: Readonly<Record<string, string>>): Discovery {
  const lists = new Map(
    Object.entries(addresses).map(([service, urls]) => {
      const replicas = urls.split('|').map((url) => ({ id: url, url }));
      return [service, new ReplicaList(replicas)];
    }),
  );
  return {
    replicasOf: (service) => {
      const list = lists.get(service);
      if (list === undefined) throw new Error(`no address is configured for the service ${service}`);
      return list;
    },
    parts: () => ({}),
    close: () => {
      for (const list of lists.values()) list.replace([]);
    },
  };
}
