export const publisherName = 'user';
export const subscriberName = 'photo';
