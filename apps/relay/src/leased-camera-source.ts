import type { CameraConfig, CameraSource } from './camera-source.ts';
import type { Leases } from './leases.ts';

/** Of the cameras of the installation those whose leases this relay holds, and those that push: which have no lease. */
export class LeasedCameraSource implements CameraSource {
  private cameras: readonly CameraConfig[] | undefined;
  private tell: (cameras: readonly CameraConfig[]) => void = () => {};

  constructor(
    private readonly all: CameraSource,
    private readonly leases: Pick<Leases, 'run' | 'nudge' | 'holds' | 'areKnown'>,
    private readonly takesPushed: boolean,
  ) {}

  async run(tell: (cameras: readonly CameraConfig[]) => void, signal: AbortSignal): Promise<void> {
    this.tell = tell;
    const listed = this.all.run((cameras) => this.list(cameras), signal);
    await Promise.all([listed, this.leases.run(signal)]);
  }

  /** Other cameras are held than before. */
  heldChanged(): void {
    if (this.cameras && this.leases.areKnown) this.tell(this.cameras.filter((camera) => this.isOurs(camera)));
  }

  private isOurs({ id, push }: CameraConfig): boolean {
    return push ? this.takesPushed : this.leases.holds(id);
  }

  /** What was read last stays in force until something newer can be read. */
  private list(cameras: readonly CameraConfig[]): void {
    this.cameras = cameras;
    this.leases.nudge();
    this.heldChanged();
  }
}
