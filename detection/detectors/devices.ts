import { hostingAddress } from './hosting-address.ts';
import { impossibleTravel } from './impossible-travel.ts';
import { remoteAccess } from './remote-access.ts';
import { sharedAddress } from './shared-address.ts';
import { sharedDevice } from './shared-device.ts';

/** Devices and networks, in the order in which they are presented. */
export const deviceDetectors = [sharedDevice, sharedAddress, hostingAddress, impossibleTravel, remoteAccess] as const;
