import { enrol, found } from './founding.ts';
import { freePort, startServerProcess, type ServerProcess } from './server-process.ts';

export interface AllianceProcesses {
  of(code: string): ServerProcess;
  readonly codes: readonly string[];
  /** Starts a member's server anew after its process has ended. */
  restart(code: string): Promise<ServerProcess>;
  close(): Promise<void>;
}

/** Members' servers as processes of their own, each with the PostgreSQL that comes along, which have founded an alliance. */
export async function startAlliance(data: string, codes: readonly string[]): Promise<AllianceProcesses> {
  const ports = new Map<string, number>();
  for (const code of codes) ports.set(code, await freePort());
  const servers = new Map<string, ServerProcess>();
  const start = async (code: string): Promise<ServerProcess> => {
    const server = await startServerProcess(data, { member: code, port: ports.get(code)! });
    servers.set(code, server);
    return server;
  };
  for (const code of codes) await enrol(await start(code), ['supervisor']);
  await found(codes.map((code) => servers.get(code)!));
  return {
    codes,
    of: (code) => servers.get(code)!,
    restart: start,
    async close() {
      await Promise.all(
        [...servers.values()].map(async (server) => {
          server.child.kill('SIGTERM');
          await server.ended;
        }),
      );
    },
  };
}
