import type { ServedApplication, Service } from "./service.ts";

/** Why a service is not ready to work: empty when it is. */
export const unreadyService = (service: Service | undefined): readonly string[] =>
  service === undefined ? ["starting"] : service.applications.flatMap(unready);

/** Why an application is not ready to work, and what beside it keeps it from that. */
export const unready = (application: ServedApplication): readonly string[] => [
  ...unreadyApp(application),
  ...application.troubles,
];

const unreadyApp = ({ app: { applicationId, state, tasks } }: ServedApplication): readonly string[] => {
  if (state !== "running") return [`${applicationId} is ${state}`];
  const { restoring } = tasks;
  return restoring.length > 0 ? [`${applicationId} restores ${restoring.length} tasks`] : [];
};
