import { useEffect, useMemo } from 'react';
import type { GridSource } from './columns.ts';
import { GridModel } from './grid-model.ts';
import type { GridProps } from './grid-props.ts';
import { ImageLoader } from './image-loader.ts';
import { Tiles } from './tiles.tsx';

/** All photos of a long list, each in reach of the scrollbar from the start. */
export function PhotoGrid({ source, ...rest }: GridProps & { source: GridSource }) {
  const model = useMemo(() => {
    const { first, segments, total } = source;
    const isWhole = segments.length > 0 || (first?.photoIds.length ?? 0) >= total;
    return new GridModel(first === undefined ? [] : [first], segments, isWhole);
  }, [source]);
  const images = useMemo(() => new ImageLoader((photoIds, signal) => source.loadLinks(photoIds, signal)), [source]);
  useEffect(() => () => images.close(), [images]);
  return <Tiles {...rest} model={model} images={images} source={source} />;
}
