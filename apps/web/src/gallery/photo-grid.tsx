import { useEffect, useMemo } from 'react';
import type { GridSource } from './columns.ts';
import { GridModel } from './grid-model.ts';
import type { GridProps } from './grid-props.ts';
import { ImageLoader } from './image-loader.ts';
import { Tiles } from './tiles.tsx';

/** All photos of a long list, each in reach of the scrollbar from the start. */
export function PhotoGrid({ source, ...rest }: GridProps & { source: GridSource }) {
  const model = useMemo(() => {
    const { first, segments } = source;
    return new GridModel(first === undefined ? [] : [first], segments);
  }, [source]);
  const images = useMemo(() => new ImageLoader((photoIds, signal) => source.loadLinks(photoIds, signal)), [source]);
  useEffect(() => () => images.close(), [images]);
  return <Tiles {...rest} model={model} images={images} source={source} />;
}
