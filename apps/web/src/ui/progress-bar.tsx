/** How far something is, 0 to 1; without a share, that it goes on. */
export function ProgressBar({ label, share }: { label: string; share?: number | undefined }) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === undefined ? undefined : Math.round(share * 100)}
      className="h-1.5 overflow-hidden rounded-full bg-line"
    >
      <div
        className={`h-full rounded-full bg-accent transition-[width] ${share === undefined ? 'w-1/3 animate-pulse' : ''}`}
        style={share === undefined ? undefined : { width: `${Math.min(1, share) * 100}%` }}
      />
    </div>
  );
}
