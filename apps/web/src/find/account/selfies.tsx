import { FacecamList } from '../facecams/facecam-list.tsx';

export function Selfies() {
  return <FacecamList />;
}
