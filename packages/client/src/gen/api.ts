// Made of openapi.json by `npm run gen`. Do not edit.
export interface paths {
    "/v1/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Register; the answer is the same whether the address has an account or not */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: email */
                        email: string;
                        password: string;
                        username: string;
                        /**
                         * @description Language of mails; from Accept-Language without it
                         * @enum {string}
                         */
                        locale?: "en" | "id";
                    };
                };
            };
            responses: {
                /** @description Accepted */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "accepted";
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirm an address with the token of its link */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        token: string;
                    };
                };
            };
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/resend-verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send the link again; the answer is the same for every address */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: email */
                        email: string;
                    };
                };
            };
            responses: {
                /** @description Accepted */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "accepted";
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in with e-mail or username */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        login: string;
                        password: string;
                        /**
                         * @description Where the refresh token goes
                         * @default body
                         * @enum {string}
                         */
                        delivery?: "body" | "cookie";
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            accessToken: string;
                            /** Format: date-time */
                            expiresAt: string;
                            /** @description Absent when it lies in the cookie */
                            refreshToken?: string;
                            account: {
                                /** Format: uuid */
                                accountId: string;
                                username: string;
                                email: string;
                                emailVerified: boolean;
                                /** @description "creator" when they are one */
                                roles: string[];
                                creator: {
                                    displayName: string;
                                    /** Format: date-time */
                                    joinedAt: string;
                                } | null;
                                /** @description 1 (loosest) to 9 (strictest); null leaves it to the default. By it I see, find and buy what shows me by a match; a photo in a list of mine stays */
                                matchLevel: number | null;
                                /** @enum {string} */
                                locale: "en" | "id";
                                /** @description In which the clock of my camera is read, where neither the file nor an event says it; an IANA name */
                                timeZone: string;
                                consent: {
                                    isGiven: boolean;
                                    /** @description 0 when there is no consent in force */
                                    epoch: number;
                                    version: string | null;
                                    givenAt: string | null;
                                };
                                /** Format: date-time */
                                createdAt: string;
                            };
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Exchange the refresh token, of the body or else of the cookie, for a new pair */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        refreshToken?: string;
                    } | null;
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            accessToken: string;
                            /** Format: date-time */
                            expiresAt: string;
                            /** @description Absent when it lies in the cookie */
                            refreshToken?: string;
                            account: {
                                /** Format: uuid */
                                accountId: string;
                                username: string;
                                email: string;
                                emailVerified: boolean;
                                /** @description "creator" when they are one */
                                roles: string[];
                                creator: {
                                    displayName: string;
                                    /** Format: date-time */
                                    joinedAt: string;
                                } | null;
                                /** @description 1 (loosest) to 9 (strictest); null leaves it to the default. By it I see, find and buy what shows me by a match; a photo in a list of mine stays */
                                matchLevel: number | null;
                                /** @enum {string} */
                                locale: "en" | "id";
                                /** @description In which the clock of my camera is read, where neither the file nor an event says it; an IANA name */
                                timeZone: string;
                                consent: {
                                    isGiven: boolean;
                                    /** @description 0 when there is no consent in force */
                                    epoch: number;
                                    version: string | null;
                                    givenAt: string | null;
                                };
                                /** Format: date-time */
                                createdAt: string;
                            };
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the session of the refresh token (body or cookie) or of the access token; again is no error */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        refreshToken?: string;
                    } | null;
                };
            };
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My sessions, the last used first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                sessionId: string;
                                userAgent: string;
                                isCurrent: boolean;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                lastUsedAt: string;
                                /** Format: date-time */
                                expiresAt: string;
                            }[];
                            nextCursor: null;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of my sessions */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    sessionId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My account */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            accountId: string;
                            username: string;
                            email: string;
                            emailVerified: boolean;
                            /** @description "creator" when they are one */
                            roles: string[];
                            creator: {
                                displayName: string;
                                /** Format: date-time */
                                joinedAt: string;
                            } | null;
                            /** @description 1 (loosest) to 9 (strictest); null leaves it to the default. By it I see, find and buy what shows me by a match; a photo in a list of mine stays */
                            matchLevel: number | null;
                            /** @enum {string} */
                            locale: "en" | "id";
                            /** @description In which the clock of my camera is read, where neither the file nor an event says it; an IANA name */
                            timeZone: string;
                            consent: {
                                isGiven: boolean;
                                /** @description 0 when there is no consent in force */
                                epoch: number;
                                version: string | null;
                                givenAt: string | null;
                            };
                            /** Format: date-time */
                            createdAt: string;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change my settings */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        matchLevel?: number | null;
                        /** @enum {string} */
                        locale?: "en" | "id";
                        /** @description IANA name, e.g. Asia/Makassar; null for the default. Photos that were sent before keep theirs */
                        timeZone?: string | null;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            accountId: string;
                            username: string;
                            email: string;
                            emailVerified: boolean;
                            /** @description "creator" when they are one */
                            roles: string[];
                            creator: {
                                displayName: string;
                                /** Format: date-time */
                                joinedAt: string;
                            } | null;
                            /** @description 1 (loosest) to 9 (strictest); null leaves it to the default. By it I see, find and buy what shows me by a match; a photo in a list of mine stays */
                            matchLevel: number | null;
                            /** @enum {string} */
                            locale: "en" | "id";
                            /** @description In which the clock of my camera is read, where neither the file nor an event says it; an IANA name */
                            timeZone: string;
                            consent: {
                                isGiven: boolean;
                                /** @description 0 when there is no consent in force */
                                epoch: number;
                                version: string | null;
                                givenAt: string | null;
                            };
                            /** Format: date-time */
                            createdAt: string;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        trace?: never;
    };
    "/v1/me/creator": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Become a creator, or change the display name */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        displayName: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            accountId: string;
                            username: string;
                            email: string;
                            emailVerified: boolean;
                            /** @description "creator" when they are one */
                            roles: string[];
                            creator: {
                                displayName: string;
                                /** Format: date-time */
                                joinedAt: string;
                            } | null;
                            /** @description 1 (loosest) to 9 (strictest); null leaves it to the default. By it I see, find and buy what shows me by a match; a photo in a list of mine stays */
                            matchLevel: number | null;
                            /** @enum {string} */
                            locale: "en" | "id";
                            /** @description In which the clock of my camera is read, where neither the file nor an event says it; an IANA name */
                            timeZone: string;
                            consent: {
                                isGiven: boolean;
                                /** @description 0 when there is no consent in force */
                                epoch: number;
                                version: string | null;
                                givenAt: string | null;
                            };
                            /** Format: date-time */
                            createdAt: string;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/consent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My consent to face recognition, and its text */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            isGiven: boolean;
                            /** @description 0 when there is no consent in force */
                            epoch: number;
                            /** @description The version that was agreed to */
                            version: string | null;
                            givenAt: string | null;
                            current: {
                                version: string;
                                text: {
                                    en: string;
                                    id: string;
                                };
                            };
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        /** Consent to face recognition */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description The version of the text that was read */
                        version: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            isGiven: boolean;
                            /** @description 0 when there is no consent in force */
                            epoch: number;
                            /** @description The version that was agreed to */
                            version: string | null;
                            givenAt: string | null;
                            current: {
                                version: string;
                                text: {
                                    en: string;
                                    id: string;
                                };
                            };
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        post?: never;
        /** Withdraw the consent: everything about my face is erased */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Accepted */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            receiptId: string;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/consent/receipts/{receiptId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was removed after a withdrawal */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    receiptId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            receiptId: string;
                            /** Format: date-time */
                            requestedAt: string;
                            /** @description When everything that goes at once was removed everywhere, and what can be proven was; see cutOffFaces for the rest */
                            completedAt: string | null;
                            /** @description When no search found any more what was erased at once */
                            unsearchableAt: string | null;
                            /** @description When the last dead row was off the tables and indexes that hold faces; see docs/erasure.md */
                            goneAt: string | null;
                            /** @description What was removed from where */
                            items: {
                                /** @description The service, or the journal of erasures, which notes the withdrawal */
                                place: string;
                                kind: string;
                                count: number;
                                /** Format: date-time */
                                removedAt: string;
                                unsearchableAt: string | null;
                                /** @description null where rows are left to the own cleaning of the database */
                                goneAt: string | null;
                            }[];
                            /** @description Faces in photos that were likely mine and are not erased at once, since it was not proven when I enrolled that a person was before the camera; null where there are none */
                            cutOffFaces: {
                                count: number;
                                /**
                                 * Format: date-time
                                 * @description Since when nothing leads from me to them, nor from them to me
                                 */
                                cutOffAt: string;
                                /**
                                 * Format: date-time
                                 * @description They are erased then, but those by which another member is found by then
                                 */
                                until: string;
                                /** @description When they were; null until then */
                                goneAt: string | null;
                            } | null;
                            /** @description The search for the erased vectors after their removal */
                            probes: {
                                place: string;
                                /** @description 0: they were no longer known, and rows were counted instead */
                                vectorsProbed: number;
                                /** @description Still found at distance 0 after the removal; 0 when all is well */
                                survivors: number;
                            }[];
                            /** @description What each service removed; null until it has removed it */
                            removed: {
                                [key: string]: {
                                    [key: string]: number;
                                } | null;
                            };
                            removedAt: {
                                [key: string]: string | null;
                            };
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My notifications, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: (({
                                /** @enum {string} */
                                kind: "matches_found";
                                data: {
                                    /** @description The first of them */
                                    photoIds: string[];
                                    photoCount: number;
                                };
                            } | {
                                /** @enum {string} */
                                kind: "photos_bought";
                                data: {
                                    orderId: string;
                                    /** @description The first of them */
                                    photoIds: string[];
                                    photoCount: number;
                                };
                            } | {
                                /** @enum {string} */
                                kind: "photos_sold";
                                data: {
                                    orderId: string;
                                    /** @description The first of them */
                                    photoIds: string[];
                                    photoCount: number;
                                };
                            } | {
                                /**
                                 * @description They are not on sale, after their upload was answered
                                 * @enum {string}
                                 */
                                kind: "photos_failed";
                                data: {
                                    /** @description The first of them */
                                    photoIds: string[];
                                    photoCount: number;
                                    /** @description The codes of why they failed, each once */
                                    reasons: string[];
                                };
                            } | {
                                /**
                                 * @description They are on sale, and nobody is found in them
                                 * @enum {string}
                                 */
                                kind: "recognition_failed";
                                data: {
                                    /** @description The first of them */
                                    photoIds: string[];
                                    photoCount: number;
                                    /** @description The codes of why they failed, each once */
                                    reasons: string[];
                                };
                            } | {
                                /** @enum {string} */
                                kind: "facecam_failed";
                                data: {
                                    facecamId: string;
                                    reason: string;
                                };
                            } | {
                                /** @enum {string} */
                                kind: "facecams_outdated";
                                data: {
                                    /**
                                     * Format: date-time
                                     * @description From then on the facecams find no new photos
                                     */
                                    until: string;
                                };
                            } | {
                                /** @enum {string} */
                                kind: "event_creator";
                                data: {
                                    eventId: string;
                                    creatorId: string;
                                    /**
                                     * @description invited or removed: I am the creator; accepted, declined or left: it is my event
                                     * @enum {string}
                                     */
                                    change: "invited" | "accepted" | "declined" | "left" | "removed";
                                };
                            } | {
                                /** @enum {string} */
                                kind: "face_enrolled_twice";
                                data: {
                                    /** @description True: the face that I just enrolled is very like that of another account. False: another account enrolled one very like mine */
                                    isOwnEnrolment: boolean;
                                };
                            }) & {
                                /** Format: uuid */
                                notificationId: string;
                                /** @description What it says, in the language of Accept-Language */
                                text: string;
                                /** Format: date-time */
                                createdAt: string;
                                readAt: string | null;
                            })[];
                            nextCursor: string | null;
                            /** @description Of all; counted up to 100, which means as many or more */
                            unreadCount: number;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/notifications/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mark notifications as read */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        notificationIds: string[];
                    } | {
                        /**
                         * Format: uuid
                         * @description This notification and all older ones
                         */
                        upTo: string;
                    };
                };
            };
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/notifications/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * My notifications as they come
         * @description Server-sent events. Each is called `notification`; its id is the `notificationId`, its data what the list shows. Send the last id that you have as `Last-Event-ID` and nothing is missed, though something may come twice; without it the stream begins now. A digest of matches that grows comes as a new one. The stream ends with the access token or the session: connect again after the time that `retry` says.
         */
        get: {
            parameters: {
                query?: never;
                header?: {
                    "last-event-id"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Public events that have begun and my own, those that start last first
         * @description A public event that is still to come is found by its link, and stands here from its start.
         */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                eventId: string;
                                name: string;
                                /** Format: date-time */
                                startsAt: string;
                                /** Format: date-time */
                                endsAt: string;
                                timeZone: string;
                                place: string | null;
                                /** @enum {string} */
                                visibility: "matches" | "unlisted" | "public";
                                /** @description The photo that the owner chose, else the first one on sale, as far as I may see it */
                                coverUrl: string | null;
                                coverSmallUrl: string | null;
                                /**
                                 * @description `page`: who holds the link sees when and where it is, and finds themselves; no photos before that
                                 * @enum {string}
                                 */
                                access: "photos" | "page";
                                /** @description Who takes part, the owner first; twenty at most */
                                creators: {
                                    /** Format: uuid */
                                    creatorId: string;
                                    displayName: string | null;
                                }[];
                                /** @description Photos on sale that I may browse; of an event of matches at most 1,000 of others are counted. Null where `access` is `page` */
                                photoCount: number | null;
                                retentionDays: number;
                                isOwn: boolean;
                                /**
                                 * Format: date-time
                                 * @description For the event's creators: when nameless faces are erased; members keep their matches
                                 */
                                facesUntil?: string;
                                /** @description For the event's creators: ?share= of the link to the event */
                                shareToken?: string;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        /** Create an event */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        /** Format: date-time */
                        startsAt: string;
                        /** Format: date-time */
                        endsAt: string;
                        /** @description IANA name, e.g. Asia/Jakarta */
                        timeZone: string;
                        place?: string | null;
                        /**
                         * @default matches
                         * @enum {string}
                         */
                        visibility?: "matches" | "unlisted" | "public";
                        /** @default 60 */
                        retentionDays?: number;
                    };
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            eventId: string;
                            name: string;
                            /** Format: date-time */
                            startsAt: string;
                            /** Format: date-time */
                            endsAt: string;
                            timeZone: string;
                            place: string | null;
                            /** @enum {string} */
                            visibility: "matches" | "unlisted" | "public";
                            /** @description The photo that the owner chose, else the first one on sale, as far as I may see it */
                            coverUrl: string | null;
                            coverSmallUrl: string | null;
                            /**
                             * @description `page`: who holds the link sees when and where it is, and finds themselves; no photos before that
                             * @enum {string}
                             */
                            access: "photos" | "page";
                            /** @description Who takes part, the owner first; twenty at most */
                            creators: {
                                /** Format: uuid */
                                creatorId: string;
                                displayName: string | null;
                            }[];
                            /** @description Photos on sale that I may browse; of an event of matches at most 1,000 of others are counted. Null where `access` is `page` */
                            photoCount: number | null;
                            retentionDays: number;
                            isOwn: boolean;
                            /**
                             * Format: date-time
                             * @description For the event's creators: when nameless faces are erased; members keep their matches
                             */
                            facesUntil?: string;
                            /** @description For the event's creators: ?share= of the link to the event */
                            shareToken?: string;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{eventId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An event that I may look at, or whose link I hold */
        get: {
            parameters: {
                query?: {
                    /** @description From the link to an unlisted event */
                    share?: string;
                };
                header?: never;
                path: {
                    eventId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            eventId: string;
                            name: string;
                            /** Format: date-time */
                            startsAt: string;
                            /** Format: date-time */
                            endsAt: string;
                            timeZone: string;
                            place: string | null;
                            /** @enum {string} */
                            visibility: "matches" | "unlisted" | "public";
                            /** @description The photo that the owner chose, else the first one on sale, as far as I may see it */
                            coverUrl: string | null;
                            coverSmallUrl: string | null;
                            /**
                             * @description `page`: who holds the link sees when and where it is, and finds themselves; no photos before that
                             * @enum {string}
                             */
                            access: "photos" | "page";
                            /** @description Who takes part, the owner first; twenty at most */
                            creators: {
                                /** Format: uuid */
                                creatorId: string;
                                displayName: string | null;
                            }[];
                            /** @description Photos on sale that I may browse; of an event of matches at most 1,000 of others are counted. Null where `access` is `page` */
                            photoCount: number | null;
                            retentionDays: number;
                            isOwn: boolean;
                            /**
                             * Format: date-time
                             * @description For the event's creators: when nameless faces are erased; members keep their matches
                             */
                            facesUntil?: string;
                            /** @description For the event's creators: ?share= of the link to the event */
                            shareToken?: string;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        /** Delete my event, in which no photo is */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    eventId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Change my event
         * @description With another time zone or another end, the capture times of its photos are read again, of up to 10,000 photos, and thirty times an hour at most. A cover is a photo of the event that is on sale; null: the first one taken.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    eventId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name?: string;
                        /** Format: date-time */
                        startsAt?: string;
                        /** Format: date-time */
                        endsAt?: string;
                        /** @description IANA name, e.g. Asia/Jakarta */
                        timeZone?: string;
                        place?: string | null;
                        /** @enum {string} */
                        visibility?: "matches" | "unlisted" | "public";
                        retentionDays?: number;
                        coverPhotoId?: string | null;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            eventId: string;
                            name: string;
                            /** Format: date-time */
                            startsAt: string;
                            /** Format: date-time */
                            endsAt: string;
                            timeZone: string;
                            place: string | null;
                            /** @enum {string} */
                            visibility: "matches" | "unlisted" | "public";
                            /** @description The photo that the owner chose, else the first one on sale, as far as I may see it */
                            coverUrl: string | null;
                            coverSmallUrl: string | null;
                            /**
                             * @description `page`: who holds the link sees when and where it is, and finds themselves; no photos before that
                             * @enum {string}
                             */
                            access: "photos" | "page";
                            /** @description Who takes part, the owner first; twenty at most */
                            creators: {
                                /** Format: uuid */
                                creatorId: string;
                                displayName: string | null;
                            }[];
                            /** @description Photos on sale that I may browse; of an event of matches at most 1,000 of others are counted. Null where `access` is `page` */
                            photoCount: number | null;
                            retentionDays: number;
                            isOwn: boolean;
                            /**
                             * Format: date-time
                             * @description For the event's creators: when nameless faces are erased; members keep their matches
                             */
                            facesUntil?: string;
                            /** @description For the event's creators: ?share= of the link to the event */
                            shareToken?: string;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        trace?: never;
    };
    "/v1/events/{eventId}/photos": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The photos of an event that I may see, newest capture first */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    limit?: number;
                    /** @description From the link to an unlisted event */
                    share?: string;
                };
                header?: never;
                path: {
                    eventId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                photoId: string;
                                title: string;
                                description: string;
                                creator: {
                                    /** Format: uuid */
                                    creatorId: string;
                                    displayName: string | null;
                                };
                                event: {
                                    /** Format: uuid */
                                    eventId: string;
                                    name: string;
                                } | null;
                                priceIdr: number;
                                /** @enum {string} */
                                sale: "shared" | "exclusive";
                                /** @enum {string} */
                                status: "raw" | "on_sale" | "failed" | "removed";
                                buyable: boolean;
                                /** @description PHOTO_OWN, PHOTO_ALREADY_LICENSED (I bought it), PHOTO_NOT_ON_SALE, PHOTO_SOLD, ORDER_OPEN_FOR_PHOTO (mine), PHOTO_RESERVED (somebody is paying), PHOTO_HELD_UNPAID (I reserved it several times and did not pay: others go first), PHOTO_NOT_FOUND (I said that I am not in it, and may not look at it otherwise) */
                                notBuyableReason: string | null;
                                width: number | null;
                                height: number | null;
                                place: {
                                    latitude: number;
                                    longitude: number;
                                } | null;
                                /** Format: date-time */
                                capturedAt: string;
                                /** @description How the capture time was found; null where it was not kept */
                                capturedFrom: {
                                    /** @description What in the file said it: exif, xmp, iptc or png; "upload": the file says no time that can be true */
                                    source: string;
                                    /** @description e.g. DateTimeOriginal */
                                    field: string | null;
                                    /**
                                     * @description What the camera's clock was read by: an offset in the file, the zone of the event, that of the creator
                                     * @enum {string}
                                     */
                                    zone: "file" | "event" | "creator" | "upload";
                                } | null;
                                previewUrl: string | null;
                                /** @description Another size; `previewUrl` where the photo has one size alone */
                                previewSmallUrl: string | null;
                                thumbnailUrl: string | null;
                                /** @description Another size; `thumbnailUrl` where the photo has one size alone */
                                thumbnailSmallUrl: string | null;
                                /** @description What to draw until the images are there: a ThumbHash in Base64 */
                                thumbhash: string | null;
                                isOwn: boolean;
                                /** @description I bought it */
                                isPurchased: boolean;
                                /** Format: date-time */
                                linksExpireAt: string;
                                match: {
                                    /** @description 1 (loosest) to 9 (strictest) */
                                    level: number;
                                    distance: number;
                                    /** @description How likely a stranger comes this near, by the calibration of the models */
                                    falseMatchRate: number;
                                    /** @description Faces of the event, among which this one was found */
                                    facesSearched: number;
                                    /** @description My facecams with which they were searched */
                                    facecamsSearched: number;
                                    /** @description What the face is like; null where it was not told */
                                    quality: {
                                        eyeDistancePx: number;
                                        sharpness: number;
                                        exposure: number;
                                        overall: number | null;
                                    } | null;
                                    /** @description False: the face is in profile, too small, or nearer to somebody else. Ask "is this you?" first */
                                    isSure: boolean;
                                    /** @enum {string} */
                                    answer: "suggested" | "confirmed" | "rejected";
                                    /** @description Where the member's face is, as fractions of the photo */
                                    box: {
                                        left: number;
                                        top: number;
                                        width: number;
                                        height: number;
                                    };
                                } | null;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{eventId}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many photos of an event that I may browse were taken when, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description From the link to an unlisted event */
                    share?: string;
                };
                header?: never;
                path: {
                    eventId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            total: number;
                            /** @description Newest first; 1,000 photos at most each */
                            segments: {
                                /** @description For `columns`; opaque */
                                segment: string;
                                count: number;
                                /** Format: date-time */
                                newestAt: string;
                                /** Format: date-time */
                                oldestAt: string;
                            }[];
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{eventId}/columns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A segment of the timeline of an event as arrays of one length, newest capture first
         * @description Without `segment`: the first sixty photos, with links to their thumbnails. `POST /v1/photos/links` gives links to any.
         */
        get: {
            parameters: {
                query?: {
                    /** @description `segment` of the timeline */
                    segment?: string;
                    /** @description Whether to give links; without it they come with the first photos and not with a segment */
                    links?: "true" | "false";
                    /** @description From the link to an unlisted event */
                    share?: string;
                };
                header?: never;
                path: {
                    eventId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            photoIds: string[];
                            /** @description Width by height; 1 while it is not known */
                            ratios: number[];
                            /** @description In Base64 */
                            thumbhashes: (string | null)[];
                            capturedAt: string[];
                            links?: {
                                thumbnailUrls: (string | null)[];
                                thumbnailSmallUrls: (string | null)[];
                            };
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{eventId}/creators": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who puts photos into an event in which I take part */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    eventId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                creatorId: string;
                                name: string | null;
                                isOwner: boolean;
                                /**
                                 * @description Only the owner sees who is invited and who declined
                                 * @enum {string}
                                 */
                                state: "takes_part" | "invited" | "declined";
                            }[];
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        /**
         * Invite another creator to put photos into my event
         * @description They are told, and take part once they accept. Who declined is not asked again.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    eventId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: uuid */
                        creatorId: string;
                    };
                };
            };
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{eventId}/creators/{creatorId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Leave an event, or decline to come into it; as its owner, take a creator or an invitation out
         * @description The photos of a creator who goes stay theirs, on sale and in the event. No more come into it; those in it can be moved out with `POST /v1/creator/photos/move`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    eventId: string;
                    creatorId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/creator/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events that I am invited to put photos into, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                eventId: string;
                                name: string;
                                /** Format: date-time */
                                startsAt: string;
                                /** Format: date-time */
                                endsAt: string;
                                timeZone: string;
                                place: string | null;
                                /** @enum {string} */
                                visibility: "matches" | "unlisted" | "public";
                                owner: {
                                    /** Format: uuid */
                                    creatorId: string;
                                    name: string | null;
                                };
                                /** Format: date-time */
                                invitedAt: string;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/creator/invitations/{eventId}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take part in an event that I am invited to, also after I declined */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    eventId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/creator/invitations/{eventId}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take no part in an event that I am invited to */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    eventId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/photos/{photoId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A photo with links to its watermarked preview */
        get: {
            parameters: {
                query?: {
                    /** @description From the link to an unlisted event */
                    share?: string;
                };
                header?: never;
                path: {
                    photoId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description `in…` for who is signed in */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            photoId: string;
                            title: string;
                            description: string;
                            creator: {
                                /** Format: uuid */
                                creatorId: string;
                                displayName: string | null;
                            };
                            event: {
                                /** Format: uuid */
                                eventId: string;
                                name: string;
                            } | null;
                            priceIdr: number;
                            /** @enum {string} */
                            sale: "shared" | "exclusive";
                            /** @enum {string} */
                            status: "raw" | "on_sale" | "failed" | "removed";
                            buyable: boolean;
                            /** @description PHOTO_OWN, PHOTO_ALREADY_LICENSED (I bought it), PHOTO_NOT_ON_SALE, PHOTO_SOLD, ORDER_OPEN_FOR_PHOTO (mine), PHOTO_RESERVED (somebody is paying), PHOTO_HELD_UNPAID (I reserved it several times and did not pay: others go first), PHOTO_NOT_FOUND (I said that I am not in it, and may not look at it otherwise) */
                            notBuyableReason: string | null;
                            width: number | null;
                            height: number | null;
                            place: {
                                latitude: number;
                                longitude: number;
                            } | null;
                            /** Format: date-time */
                            capturedAt: string;
                            /** @description How the capture time was found; null where it was not kept */
                            capturedFrom: {
                                /** @description What in the file said it: exif, xmp, iptc or png; "upload": the file says no time that can be true */
                                source: string;
                                /** @description e.g. DateTimeOriginal */
                                field: string | null;
                                /**
                                 * @description What the camera's clock was read by: an offset in the file, the zone of the event, that of the creator
                                 * @enum {string}
                                 */
                                zone: "file" | "event" | "creator" | "upload";
                            } | null;
                            previewUrl: string | null;
                            /** @description Another size; `previewUrl` where the photo has one size alone */
                            previewSmallUrl: string | null;
                            thumbnailUrl: string | null;
                            /** @description Another size; `thumbnailUrl` where the photo has one size alone */
                            thumbnailSmallUrl: string | null;
                            /** @description What to draw until the images are there: a ThumbHash in Base64 */
                            thumbhash: string | null;
                            isOwn: boolean;
                            /** @description I bought it */
                            isPurchased: boolean;
                            /** Format: date-time */
                            linksExpireAt: string;
                            match: {
                                /** @description 1 (loosest) to 9 (strictest) */
                                level: number;
                                distance: number;
                                /** @description How likely a stranger comes this near, by the calibration of the models */
                                falseMatchRate: number;
                                /** @description Faces of the event, among which this one was found */
                                facesSearched: number;
                                /** @description My facecams with which they were searched */
                                facecamsSearched: number;
                                /** @description What the face is like; null where it was not told */
                                quality: {
                                    eyeDistancePx: number;
                                    sharpness: number;
                                    exposure: number;
                                    overall: number | null;
                                } | null;
                                /** @description False: the face is in profile, too small, or nearer to somebody else. Ask "is this you?" first */
                                isSure: boolean;
                                /** @enum {string} */
                                answer: "suggested" | "confirmed" | "rejected";
                                /** @description Where the member's face is, as fractions of the photo */
                                box: {
                                    left: number;
                                    top: number;
                                    width: number;
                                    height: number;
                                };
                            } | null;
                            inCart?: boolean;
                            inWishlist?: boolean;
                            inFavourites?: boolean;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change, hide or show one of my photos */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    photoId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        title?: string;
                        description?: string;
                        priceIdr?: number;
                        hidden?: boolean;
                        /** @description An event in which I take part, or null: into none */
                        eventId?: string | null;
                    };
                };
            };
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        trace?: never;
    };
    "/v1/creator/photos": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My photos as their creator, in any state, newest upload first */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    limit?: number;
                    /** @description Of one event, or `none`: of no event */
                    eventId?: string | "none";
                    /** @description `sold`: those that somebody bought, in any state */
                    state?: "raw" | "on_sale" | "hidden" | "failed" | "removed" | "sold";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                photoId: string;
                                eventId: string | null;
                                title: string;
                                description: string;
                                priceIdr: number;
                                /** @enum {string} */
                                sale: "shared" | "exclusive";
                                /** @enum {string} */
                                status: "raw" | "on_sale" | "failed" | "removed";
                                hidden: boolean;
                                soldOut: boolean;
                                /** @description How many bought it */
                                soldCount: number;
                                failureReason: string | null;
                                /** @enum {string} */
                                recognition: "pending" | "done" | "failed";
                                recognitionFailure: string | null;
                                faceCount: number | null;
                                sha256: string;
                                sizeBytes: number;
                                format: string;
                                camera: string | null;
                                width: number | null;
                                height: number | null;
                                /** Format: date-time */
                                capturedAt: string;
                                /** @description How the capture time was found; null where it was not kept */
                                capturedFrom: {
                                    /** @description What in the file said it: exif, xmp, iptc or png; "upload": the file says no time that can be true */
                                    source: string;
                                    /** @description e.g. DateTimeOriginal */
                                    field: string | null;
                                    /**
                                     * @description What the camera's clock was read by: an offset in the file, the zone of the event, that of the creator
                                     * @enum {string}
                                     */
                                    zone: "file" | "event" | "creator" | "upload";
                                } | null;
                                /** Format: date-time */
                                uploadedAt: string;
                                previewUrl: string | null;
                                /** @description Another size; `previewUrl` where the photo has one size alone */
                                previewSmallUrl: string | null;
                                thumbnailUrl: string | null;
                                /** @description Another size; `thumbnailUrl` where the photo has one size alone */
                                thumbnailSmallUrl: string | null;
                                thumbhash: string | null;
                                /**
                                 * Format: date-time
                                 * @description The end of the links to the previews and the thumbnails
                                 */
                                linksExpireAt: string;
                                /** @description With boxes around the faces; for the creator alone, for minutes */
                                processedUrl: string | null;
                                /** Format: date-time */
                                processedUrlExpiresAt: string;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Give up to 500 of my photos one price, hide or show them; 207 when some could not be
         * @description Each photo is answered for itself, and to ask again changes nothing. Licences that were sold stay good.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        photoIds: string[];
                        priceIdr?: number;
                        hidden?: boolean;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                photoId: string;
                                /** @enum {string} */
                                outcome: "changed" | "unchanged" | "refused";
                                problem?: {
                                    type: string;
                                    title: string;
                                    status: number;
                                    code: string;
                                    detail: string;
                                };
                            }[];
                        };
                    };
                };
                /** @description Multi-Status */
                207: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                photoId: string;
                                /** @enum {string} */
                                outcome: "changed" | "unchanged" | "refused";
                                problem?: {
                                    type: string;
                                    title: string;
                                    status: number;
                                    code: string;
                                    detail: string;
                                };
                            }[];
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        trace?: never;
    };
    "/v1/creator/photos/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put up to 500 of my photos into another event, or into none; 207 when some could not be
         * @description Each photo is answered for itself, and to ask again changes nothing. Those that can be moved are moved together. Sold licences, lists and answers stay. Capture times without an offset are read in the zone of the event.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        photoIds: string[];
                        /** @description An event in which I take part, or null: into none */
                        eventId: string | null;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                photoId: string;
                                /** @enum {string} */
                                outcome: "moved" | "unchanged" | "refused";
                                problem?: {
                                    type: string;
                                    title: string;
                                    status: number;
                                    code: string;
                                    detail: string;
                                };
                            }[];
                        };
                    };
                };
                /** @description Multi-Status */
                207: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                photoId: string;
                                /** @enum {string} */
                                outcome: "moved" | "unchanged" | "refused";
                                problem?: {
                                    type: string;
                                    title: string;
                                    status: number;
                                    code: string;
                                    detail: string;
                                };
                            }[];
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/creator/photos/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete up to 500 of my photos for good; 207 when some could not be
         * @description Each photo is answered for itself, and to ask again changes nothing. A photo that was sold stays (PHOTO_SOLD), and so does one in an order that is being made or paid (PHOTO_RESERVED). The others go with their matches, faces, images and places in lists. The same file can be uploaded again afterwards, as a new photo.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        photoIds: string[];
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                photoId: string;
                                /** @enum {string} */
                                outcome: "deleted" | "refused";
                                problem?: {
                                    type: string;
                                    title: string;
                                    status: number;
                                    code: string;
                                    detail: string;
                                };
                            }[];
                        };
                    };
                };
                /** @description Multi-Status */
                207: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                photoId: string;
                                /** @enum {string} */
                                outcome: "deleted" | "refused";
                                problem?: {
                                    type: string;
                                    title: string;
                                    status: number;
                                    code: string;
                                    detail: string;
                                };
                            }[];
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/creator/photos/{photoId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of my photos as its creator, in any state */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    photoId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            photoId: string;
                            eventId: string | null;
                            title: string;
                            description: string;
                            priceIdr: number;
                            /** @enum {string} */
                            sale: "shared" | "exclusive";
                            /** @enum {string} */
                            status: "raw" | "on_sale" | "failed" | "removed";
                            hidden: boolean;
                            soldOut: boolean;
                            /** @description How many bought it */
                            soldCount: number;
                            failureReason: string | null;
                            /** @enum {string} */
                            recognition: "pending" | "done" | "failed";
                            recognitionFailure: string | null;
                            faceCount: number | null;
                            sha256: string;
                            sizeBytes: number;
                            format: string;
                            camera: string | null;
                            width: number | null;
                            height: number | null;
                            /** Format: date-time */
                            capturedAt: string;
                            /** @description How the capture time was found; null where it was not kept */
                            capturedFrom: {
                                /** @description What in the file said it: exif, xmp, iptc or png; "upload": the file says no time that can be true */
                                source: string;
                                /** @description e.g. DateTimeOriginal */
                                field: string | null;
                                /**
                                 * @description What the camera's clock was read by: an offset in the file, the zone of the event, that of the creator
                                 * @enum {string}
                                 */
                                zone: "file" | "event" | "creator" | "upload";
                            } | null;
                            /** Format: date-time */
                            uploadedAt: string;
                            previewUrl: string | null;
                            /** @description Another size; `previewUrl` where the photo has one size alone */
                            previewSmallUrl: string | null;
                            thumbnailUrl: string | null;
                            /** @description Another size; `thumbnailUrl` where the photo has one size alone */
                            thumbnailSmallUrl: string | null;
                            thumbhash: string | null;
                            /**
                             * Format: date-time
                             * @description The end of the links to the previews and the thumbnails
                             */
                            linksExpireAt: string;
                            /** @description With boxes around the faces; for the creator alone, for minutes */
                            processedUrl: string | null;
                            /** Format: date-time */
                            processedUrlExpiresAt: string;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/creator/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many photos I have as their creator, by state */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            raw: number;
                            onSale: number;
                            hidden: number;
                            failed: number;
                            removed: number;
                            sold: number;
                            withoutEvent: number;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/creator/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many of my photos were uploaded when, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description Of one event, or `none`: of no event */
                    eventId?: string | "none";
                    /** @description `sold`: those that somebody bought, in any state */
                    state?: "raw" | "on_sale" | "hidden" | "failed" | "removed" | "sold";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            total: number;
                            /** @description Newest first; 1,000 photos at most each */
                            segments: {
                                /** @description For `columns`; opaque */
                                segment: string;
                                count: number;
                                /** Format: date-time */
                                newestAt: string;
                                /** Format: date-time */
                                oldestAt: string;
                            }[];
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/creator/columns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A segment of the timeline of my photos as arrays of one length, newest upload first
         * @description Without `segment`: the first sixty photos, with links to their thumbnails.
         */
        get: {
            parameters: {
                query?: {
                    /** @description `segment` of the timeline */
                    segment?: string;
                    /** @description Whether to give links; without it they come with the first photos and not with a segment */
                    links?: "true" | "false";
                    /** @description Of one event, or `none`: of no event */
                    eventId?: string | "none";
                    /** @description `sold`: those that somebody bought, in any state */
                    state?: "raw" | "on_sale" | "hidden" | "failed" | "removed" | "sold";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            photoIds: string[];
                            /** @description Width by height; 1 while it is not known */
                            ratios: number[];
                            /** @description In Base64 */
                            thumbhashes: (string | null)[];
                            capturedAt: string[];
                            links?: {
                                thumbnailUrls: (string | null)[];
                                thumbnailSmallUrls: (string | null)[];
                            };
                            states: ("raw" | "on_sale" | "hidden" | "failed" | "removed")[];
                            soldCounts: number[];
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/creator/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events in which I take part as a creator, those that start last first */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                eventId: string;
                                name: string;
                                /** Format: date-time */
                                startsAt: string;
                                /** Format: date-time */
                                endsAt: string;
                                timeZone: string;
                                place: string | null;
                                /** @enum {string} */
                                visibility: "matches" | "unlisted" | "public";
                                /** @description The photo that the owner chose, else the first one on sale, as far as I may see it */
                                coverUrl: string | null;
                                coverSmallUrl: string | null;
                                /**
                                 * @description `page`: who holds the link sees when and where it is, and finds themselves; no photos before that
                                 * @enum {string}
                                 */
                                access: "photos" | "page";
                                /** @description Who takes part, the owner first; twenty at most */
                                creators: {
                                    /** Format: uuid */
                                    creatorId: string;
                                    displayName: string | null;
                                }[];
                                /** @description Photos on sale that I may browse; of an event of matches at most 1,000 of others are counted. Null where `access` is `page` */
                                photoCount: number | null;
                                retentionDays: number;
                                isOwn: boolean;
                                /**
                                 * Format: date-time
                                 * @description For the event's creators: when nameless faces are erased; members keep their matches
                                 */
                                facesUntil?: string;
                                /** @description For the event's creators: ?share= of the link to the event */
                                shareToken?: string;
                                /** @description My photos in it */
                                counts: {
                                    raw: number;
                                    onSale: number;
                                    hidden: number;
                                    failed: number;
                                    removed: number;
                                    sold: number;
                                };
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/photos/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Links to the images of up to 200 photos; those that I may not see are left out
         * @description Changes nothing: it is a POST because so many ids are too long for an address.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        photoIds: string[];
                        /** @description From the link to an unlisted event */
                        share?: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                previewUrl: string | null;
                                /** @description Another size; `previewUrl` where the photo has one size alone */
                                previewSmallUrl: string | null;
                                thumbnailUrl: string | null;
                                /** @description Another size; `thumbnailUrl` where the photo has one size alone */
                                thumbnailSmallUrl: string | null;
                                /** Format: uuid */
                                photoId: string;
                                /** Format: date-time */
                                linksExpireAt: string;
                            }[];
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/explore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The photos in which I appear, newest capture first */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    limit?: number;
                    eventId?: string;
                    creatorId?: string;
                    from?: string;
                    to?: string;
                    /** @description Leaves out looser matches; to see looser ones, choose a level: PATCH /v1/me */
                    levelMin?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                photoId: string;
                                title: string;
                                description: string;
                                creator: {
                                    /** Format: uuid */
                                    creatorId: string;
                                    displayName: string | null;
                                };
                                event: {
                                    /** Format: uuid */
                                    eventId: string;
                                    name: string;
                                } | null;
                                priceIdr: number;
                                /** @enum {string} */
                                sale: "shared" | "exclusive";
                                /** @enum {string} */
                                status: "raw" | "on_sale" | "failed" | "removed";
                                buyable: boolean;
                                /** @description PHOTO_OWN, PHOTO_ALREADY_LICENSED (I bought it), PHOTO_NOT_ON_SALE, PHOTO_SOLD, ORDER_OPEN_FOR_PHOTO (mine), PHOTO_RESERVED (somebody is paying), PHOTO_HELD_UNPAID (I reserved it several times and did not pay: others go first), PHOTO_NOT_FOUND (I said that I am not in it, and may not look at it otherwise) */
                                notBuyableReason: string | null;
                                width: number | null;
                                height: number | null;
                                place: {
                                    latitude: number;
                                    longitude: number;
                                } | null;
                                /** Format: date-time */
                                capturedAt: string;
                                /** @description How the capture time was found; null where it was not kept */
                                capturedFrom: {
                                    /** @description What in the file said it: exif, xmp, iptc or png; "upload": the file says no time that can be true */
                                    source: string;
                                    /** @description e.g. DateTimeOriginal */
                                    field: string | null;
                                    /**
                                     * @description What the camera's clock was read by: an offset in the file, the zone of the event, that of the creator
                                     * @enum {string}
                                     */
                                    zone: "file" | "event" | "creator" | "upload";
                                } | null;
                                previewUrl: string | null;
                                /** @description Another size; `previewUrl` where the photo has one size alone */
                                previewSmallUrl: string | null;
                                thumbnailUrl: string | null;
                                /** @description Another size; `thumbnailUrl` where the photo has one size alone */
                                thumbnailSmallUrl: string | null;
                                /** @description What to draw until the images are there: a ThumbHash in Base64 */
                                thumbhash: string | null;
                                isOwn: boolean;
                                /** @description I bought it */
                                isPurchased: boolean;
                                /** Format: date-time */
                                linksExpireAt: string;
                                match: {
                                    /** @description 1 (loosest) to 9 (strictest) */
                                    level: number;
                                    distance: number;
                                    /** @description How likely a stranger comes this near, by the calibration of the models */
                                    falseMatchRate: number;
                                    /** @description Faces of the event, among which this one was found */
                                    facesSearched: number;
                                    /** @description My facecams with which they were searched */
                                    facecamsSearched: number;
                                    /** @description What the face is like; null where it was not told */
                                    quality: {
                                        eyeDistancePx: number;
                                        sharpness: number;
                                        exposure: number;
                                        overall: number | null;
                                    } | null;
                                    /** @description False: the face is in profile, too small, or nearer to somebody else. Ask "is this you?" first */
                                    isSure: boolean;
                                    /** @enum {string} */
                                    answer: "suggested" | "confirmed" | "rejected";
                                    /** @description Where the member's face is, as fractions of the photo */
                                    box: {
                                        left: number;
                                        top: number;
                                        width: number;
                                        height: number;
                                    };
                                } | null;
                                inCart: boolean;
                                inWishlist: boolean;
                                inFavourites: boolean;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/explore/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The events in which I was found, those that start last first */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                eventId: string;
                                name: string;
                                /** Format: date-time */
                                startsAt: string;
                                /** Format: date-time */
                                endsAt: string;
                                timeZone: string;
                                place: string | null;
                                /** @description The photo that the owner chose, else the first one on sale, as far as I may see it */
                                coverUrl: string | null;
                                coverSmallUrl: string | null;
                                /** @description Photos in which I appear, up to 999 */
                                matchCount: number;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/explore/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many photos I was found in, am asked about and keep; counted up to 999 */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            matches: number;
                            questions: number;
                            cart: number;
                            wishlist: number;
                            favourites: number;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/explore/questions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The photos about which I am asked "is this you?", newest capture first
         * @description Photos with a face that looks like mine, but is in profile, is too small to be sure, or is nearer to somebody else. They are not in `/v1/explore` until I confirm them with `PUT /v1/photos/{photoId}/match`. I am not asked again about a photo that I reject. `match.box` says which face it is.
         */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                photoId: string;
                                title: string;
                                description: string;
                                creator: {
                                    /** Format: uuid */
                                    creatorId: string;
                                    displayName: string | null;
                                };
                                event: {
                                    /** Format: uuid */
                                    eventId: string;
                                    name: string;
                                } | null;
                                priceIdr: number;
                                /** @enum {string} */
                                sale: "shared" | "exclusive";
                                /** @enum {string} */
                                status: "raw" | "on_sale" | "failed" | "removed";
                                buyable: boolean;
                                /** @description PHOTO_OWN, PHOTO_ALREADY_LICENSED (I bought it), PHOTO_NOT_ON_SALE, PHOTO_SOLD, ORDER_OPEN_FOR_PHOTO (mine), PHOTO_RESERVED (somebody is paying), PHOTO_HELD_UNPAID (I reserved it several times and did not pay: others go first), PHOTO_NOT_FOUND (I said that I am not in it, and may not look at it otherwise) */
                                notBuyableReason: string | null;
                                width: number | null;
                                height: number | null;
                                place: {
                                    latitude: number;
                                    longitude: number;
                                } | null;
                                /** Format: date-time */
                                capturedAt: string;
                                /** @description How the capture time was found; null where it was not kept */
                                capturedFrom: {
                                    /** @description What in the file said it: exif, xmp, iptc or png; "upload": the file says no time that can be true */
                                    source: string;
                                    /** @description e.g. DateTimeOriginal */
                                    field: string | null;
                                    /**
                                     * @description What the camera's clock was read by: an offset in the file, the zone of the event, that of the creator
                                     * @enum {string}
                                     */
                                    zone: "file" | "event" | "creator" | "upload";
                                } | null;
                                previewUrl: string | null;
                                /** @description Another size; `previewUrl` where the photo has one size alone */
                                previewSmallUrl: string | null;
                                thumbnailUrl: string | null;
                                /** @description Another size; `thumbnailUrl` where the photo has one size alone */
                                thumbnailSmallUrl: string | null;
                                /** @description What to draw until the images are there: a ThumbHash in Base64 */
                                thumbhash: string | null;
                                isOwn: boolean;
                                /** @description I bought it */
                                isPurchased: boolean;
                                /** Format: date-time */
                                linksExpireAt: string;
                                match: {
                                    /** @description 1 (loosest) to 9 (strictest) */
                                    level: number;
                                    distance: number;
                                    /** @description How likely a stranger comes this near, by the calibration of the models */
                                    falseMatchRate: number;
                                    /** @description Faces of the event, among which this one was found */
                                    facesSearched: number;
                                    /** @description My facecams with which they were searched */
                                    facecamsSearched: number;
                                    /** @description What the face is like; null where it was not told */
                                    quality: {
                                        eyeDistancePx: number;
                                        sharpness: number;
                                        exposure: number;
                                        overall: number | null;
                                    } | null;
                                    /** @description False: the face is in profile, too small, or nearer to somebody else. Ask "is this you?" first */
                                    isSure: boolean;
                                    /** @enum {string} */
                                    answer: "suggested" | "confirmed" | "rejected";
                                    /** @description Where the member's face is, as fractions of the photo */
                                    box: {
                                        left: number;
                                        top: number;
                                        width: number;
                                        height: number;
                                    };
                                } | null;
                                inCart: boolean;
                                inWishlist: boolean;
                                inFavourites: boolean;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/explore/rejected": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The photos that I rejected ("not me"), newest capture first
         * @description `DELETE /v1/photos/{photoId}/match` takes my answer back; `PUT` with `confirmed` says that it is me after all. A rejected photo does not come back by itself. Withdrawing my consent erases this list.
         */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                photoId: string;
                                title: string;
                                description: string;
                                creator: {
                                    /** Format: uuid */
                                    creatorId: string;
                                    displayName: string | null;
                                };
                                event: {
                                    /** Format: uuid */
                                    eventId: string;
                                    name: string;
                                } | null;
                                priceIdr: number;
                                /** @enum {string} */
                                sale: "shared" | "exclusive";
                                /** @enum {string} */
                                status: "raw" | "on_sale" | "failed" | "removed";
                                buyable: boolean;
                                /** @description PHOTO_OWN, PHOTO_ALREADY_LICENSED (I bought it), PHOTO_NOT_ON_SALE, PHOTO_SOLD, ORDER_OPEN_FOR_PHOTO (mine), PHOTO_RESERVED (somebody is paying), PHOTO_HELD_UNPAID (I reserved it several times and did not pay: others go first), PHOTO_NOT_FOUND (I said that I am not in it, and may not look at it otherwise) */
                                notBuyableReason: string | null;
                                width: number | null;
                                height: number | null;
                                place: {
                                    latitude: number;
                                    longitude: number;
                                } | null;
                                /** Format: date-time */
                                capturedAt: string;
                                /** @description How the capture time was found; null where it was not kept */
                                capturedFrom: {
                                    /** @description What in the file said it: exif, xmp, iptc or png; "upload": the file says no time that can be true */
                                    source: string;
                                    /** @description e.g. DateTimeOriginal */
                                    field: string | null;
                                    /**
                                     * @description What the camera's clock was read by: an offset in the file, the zone of the event, that of the creator
                                     * @enum {string}
                                     */
                                    zone: "file" | "event" | "creator" | "upload";
                                } | null;
                                previewUrl: string | null;
                                /** @description Another size; `previewUrl` where the photo has one size alone */
                                previewSmallUrl: string | null;
                                thumbnailUrl: string | null;
                                /** @description Another size; `thumbnailUrl` where the photo has one size alone */
                                thumbnailSmallUrl: string | null;
                                /** @description What to draw until the images are there: a ThumbHash in Base64 */
                                thumbhash: string | null;
                                isOwn: boolean;
                                /** @description I bought it */
                                isPurchased: boolean;
                                /** Format: date-time */
                                linksExpireAt: string;
                                match: {
                                    /** @description 1 (loosest) to 9 (strictest) */
                                    level: number;
                                    distance: number;
                                    /** @description How likely a stranger comes this near, by the calibration of the models */
                                    falseMatchRate: number;
                                    /** @description Faces of the event, among which this one was found */
                                    facesSearched: number;
                                    /** @description My facecams with which they were searched */
                                    facecamsSearched: number;
                                    /** @description What the face is like; null where it was not told */
                                    quality: {
                                        eyeDistancePx: number;
                                        sharpness: number;
                                        exposure: number;
                                        overall: number | null;
                                    } | null;
                                    /** @description False: the face is in profile, too small, or nearer to somebody else. Ask "is this you?" first */
                                    isSure: boolean;
                                    /** @enum {string} */
                                    answer: "suggested" | "confirmed" | "rejected";
                                    /** @description Where the member's face is, as fractions of the photo */
                                    box: {
                                        left: number;
                                        top: number;
                                        width: number;
                                        height: number;
                                    };
                                } | null;
                                inCart: boolean;
                                inWishlist: boolean;
                                inFavourites: boolean;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/photos/{photoId}/match": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Say whether it is me in this photo
         * @description Answers a photo that was found for me, or one of `/v1/explore/questions`. A photo that I rejected never comes back by itself; I may change my answer at any time. A face that I confirm may become a further template of mine, once I agreed to the text of consent which says so; rejecting the photo ends it.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    photoId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        answer: "confirmed" | "rejected";
                    };
                };
            };
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        post?: never;
        /**
         * Take back my answer to this photo
         * @description The photo is shown or asked about as if I had not answered, while my consent stands; where the selfie that found it is gone, only if another one finds it. A template that was made of a confirmed face ends. `/v1/explore/rejected` lists what I rejected.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    photoId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My cart, last added first */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                photoId: string;
                                title: string;
                                description: string;
                                creator: {
                                    /** Format: uuid */
                                    creatorId: string;
                                    displayName: string | null;
                                };
                                event: {
                                    /** Format: uuid */
                                    eventId: string;
                                    name: string;
                                } | null;
                                priceIdr: number;
                                /** @enum {string} */
                                sale: "shared" | "exclusive";
                                /** @enum {string} */
                                status: "raw" | "on_sale" | "failed" | "removed";
                                buyable: boolean;
                                /** @description PHOTO_OWN, PHOTO_ALREADY_LICENSED (I bought it), PHOTO_NOT_ON_SALE, PHOTO_SOLD, ORDER_OPEN_FOR_PHOTO (mine), PHOTO_RESERVED (somebody is paying), PHOTO_HELD_UNPAID (I reserved it several times and did not pay: others go first), PHOTO_NOT_FOUND (I said that I am not in it, and may not look at it otherwise) */
                                notBuyableReason: string | null;
                                width: number | null;
                                height: number | null;
                                place: {
                                    latitude: number;
                                    longitude: number;
                                } | null;
                                /** Format: date-time */
                                capturedAt: string;
                                /** @description How the capture time was found; null where it was not kept */
                                capturedFrom: {
                                    /** @description What in the file said it: exif, xmp, iptc or png; "upload": the file says no time that can be true */
                                    source: string;
                                    /** @description e.g. DateTimeOriginal */
                                    field: string | null;
                                    /**
                                     * @description What the camera's clock was read by: an offset in the file, the zone of the event, that of the creator
                                     * @enum {string}
                                     */
                                    zone: "file" | "event" | "creator" | "upload";
                                } | null;
                                previewUrl: string | null;
                                /** @description Another size; `previewUrl` where the photo has one size alone */
                                previewSmallUrl: string | null;
                                thumbnailUrl: string | null;
                                /** @description Another size; `thumbnailUrl` where the photo has one size alone */
                                thumbnailSmallUrl: string | null;
                                /** @description What to draw until the images are there: a ThumbHash in Base64 */
                                thumbhash: string | null;
                                isOwn: boolean;
                                /** @description I bought it */
                                isPurchased: boolean;
                                /** Format: date-time */
                                linksExpireAt: string;
                                match: {
                                    /** @description 1 (loosest) to 9 (strictest) */
                                    level: number;
                                    distance: number;
                                    /** @description How likely a stranger comes this near, by the calibration of the models */
                                    falseMatchRate: number;
                                    /** @description Faces of the event, among which this one was found */
                                    facesSearched: number;
                                    /** @description My facecams with which they were searched */
                                    facecamsSearched: number;
                                    /** @description What the face is like; null where it was not told */
                                    quality: {
                                        eyeDistancePx: number;
                                        sharpness: number;
                                        exposure: number;
                                        overall: number | null;
                                    } | null;
                                    /** @description False: the face is in profile, too small, or nearer to somebody else. Ask "is this you?" first */
                                    isSure: boolean;
                                    /** @enum {string} */
                                    answer: "suggested" | "confirmed" | "rejected";
                                    /** @description Where the member's face is, as fractions of the photo */
                                    box: {
                                        left: number;
                                        top: number;
                                        width: number;
                                        height: number;
                                    };
                                } | null;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cart/{photoId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Put a photo into my cart */
        put: {
            parameters: {
                query?: {
                    /** @description From the link to an unlisted event */
                    share?: string;
                };
                header?: never;
                path: {
                    photoId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        post?: never;
        /** Take a photo out of my cart */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    photoId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wishlist": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My wishlist, last added first */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                photoId: string;
                                title: string;
                                description: string;
                                creator: {
                                    /** Format: uuid */
                                    creatorId: string;
                                    displayName: string | null;
                                };
                                event: {
                                    /** Format: uuid */
                                    eventId: string;
                                    name: string;
                                } | null;
                                priceIdr: number;
                                /** @enum {string} */
                                sale: "shared" | "exclusive";
                                /** @enum {string} */
                                status: "raw" | "on_sale" | "failed" | "removed";
                                buyable: boolean;
                                /** @description PHOTO_OWN, PHOTO_ALREADY_LICENSED (I bought it), PHOTO_NOT_ON_SALE, PHOTO_SOLD, ORDER_OPEN_FOR_PHOTO (mine), PHOTO_RESERVED (somebody is paying), PHOTO_HELD_UNPAID (I reserved it several times and did not pay: others go first), PHOTO_NOT_FOUND (I said that I am not in it, and may not look at it otherwise) */
                                notBuyableReason: string | null;
                                width: number | null;
                                height: number | null;
                                place: {
                                    latitude: number;
                                    longitude: number;
                                } | null;
                                /** Format: date-time */
                                capturedAt: string;
                                /** @description How the capture time was found; null where it was not kept */
                                capturedFrom: {
                                    /** @description What in the file said it: exif, xmp, iptc or png; "upload": the file says no time that can be true */
                                    source: string;
                                    /** @description e.g. DateTimeOriginal */
                                    field: string | null;
                                    /**
                                     * @description What the camera's clock was read by: an offset in the file, the zone of the event, that of the creator
                                     * @enum {string}
                                     */
                                    zone: "file" | "event" | "creator" | "upload";
                                } | null;
                                previewUrl: string | null;
                                /** @description Another size; `previewUrl` where the photo has one size alone */
                                previewSmallUrl: string | null;
                                thumbnailUrl: string | null;
                                /** @description Another size; `thumbnailUrl` where the photo has one size alone */
                                thumbnailSmallUrl: string | null;
                                /** @description What to draw until the images are there: a ThumbHash in Base64 */
                                thumbhash: string | null;
                                isOwn: boolean;
                                /** @description I bought it */
                                isPurchased: boolean;
                                /** Format: date-time */
                                linksExpireAt: string;
                                match: {
                                    /** @description 1 (loosest) to 9 (strictest) */
                                    level: number;
                                    distance: number;
                                    /** @description How likely a stranger comes this near, by the calibration of the models */
                                    falseMatchRate: number;
                                    /** @description Faces of the event, among which this one was found */
                                    facesSearched: number;
                                    /** @description My facecams with which they were searched */
                                    facecamsSearched: number;
                                    /** @description What the face is like; null where it was not told */
                                    quality: {
                                        eyeDistancePx: number;
                                        sharpness: number;
                                        exposure: number;
                                        overall: number | null;
                                    } | null;
                                    /** @description False: the face is in profile, too small, or nearer to somebody else. Ask "is this you?" first */
                                    isSure: boolean;
                                    /** @enum {string} */
                                    answer: "suggested" | "confirmed" | "rejected";
                                    /** @description Where the member's face is, as fractions of the photo */
                                    box: {
                                        left: number;
                                        top: number;
                                        width: number;
                                        height: number;
                                    };
                                } | null;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wishlist/{photoId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Put a photo into my wishlist */
        put: {
            parameters: {
                query?: {
                    /** @description From the link to an unlisted event */
                    share?: string;
                };
                header?: never;
                path: {
                    photoId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        post?: never;
        /** Take a photo out of my wishlist */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    photoId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/favourites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My favourites, last added first */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                photoId: string;
                                title: string;
                                description: string;
                                creator: {
                                    /** Format: uuid */
                                    creatorId: string;
                                    displayName: string | null;
                                };
                                event: {
                                    /** Format: uuid */
                                    eventId: string;
                                    name: string;
                                } | null;
                                priceIdr: number;
                                /** @enum {string} */
                                sale: "shared" | "exclusive";
                                /** @enum {string} */
                                status: "raw" | "on_sale" | "failed" | "removed";
                                buyable: boolean;
                                /** @description PHOTO_OWN, PHOTO_ALREADY_LICENSED (I bought it), PHOTO_NOT_ON_SALE, PHOTO_SOLD, ORDER_OPEN_FOR_PHOTO (mine), PHOTO_RESERVED (somebody is paying), PHOTO_HELD_UNPAID (I reserved it several times and did not pay: others go first), PHOTO_NOT_FOUND (I said that I am not in it, and may not look at it otherwise) */
                                notBuyableReason: string | null;
                                width: number | null;
                                height: number | null;
                                place: {
                                    latitude: number;
                                    longitude: number;
                                } | null;
                                /** Format: date-time */
                                capturedAt: string;
                                /** @description How the capture time was found; null where it was not kept */
                                capturedFrom: {
                                    /** @description What in the file said it: exif, xmp, iptc or png; "upload": the file says no time that can be true */
                                    source: string;
                                    /** @description e.g. DateTimeOriginal */
                                    field: string | null;
                                    /**
                                     * @description What the camera's clock was read by: an offset in the file, the zone of the event, that of the creator
                                     * @enum {string}
                                     */
                                    zone: "file" | "event" | "creator" | "upload";
                                } | null;
                                previewUrl: string | null;
                                /** @description Another size; `previewUrl` where the photo has one size alone */
                                previewSmallUrl: string | null;
                                thumbnailUrl: string | null;
                                /** @description Another size; `thumbnailUrl` where the photo has one size alone */
                                thumbnailSmallUrl: string | null;
                                /** @description What to draw until the images are there: a ThumbHash in Base64 */
                                thumbhash: string | null;
                                isOwn: boolean;
                                /** @description I bought it */
                                isPurchased: boolean;
                                /** Format: date-time */
                                linksExpireAt: string;
                                match: {
                                    /** @description 1 (loosest) to 9 (strictest) */
                                    level: number;
                                    distance: number;
                                    /** @description How likely a stranger comes this near, by the calibration of the models */
                                    falseMatchRate: number;
                                    /** @description Faces of the event, among which this one was found */
                                    facesSearched: number;
                                    /** @description My facecams with which they were searched */
                                    facecamsSearched: number;
                                    /** @description What the face is like; null where it was not told */
                                    quality: {
                                        eyeDistancePx: number;
                                        sharpness: number;
                                        exposure: number;
                                        overall: number | null;
                                    } | null;
                                    /** @description False: the face is in profile, too small, or nearer to somebody else. Ask "is this you?" first */
                                    isSure: boolean;
                                    /** @enum {string} */
                                    answer: "suggested" | "confirmed" | "rejected";
                                    /** @description Where the member's face is, as fractions of the photo */
                                    box: {
                                        left: number;
                                        top: number;
                                        width: number;
                                        height: number;
                                    };
                                } | null;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/favourites/{photoId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Put a photo into my favourites */
        put: {
            parameters: {
                query?: {
                    /** @description From the link to an unlisted event */
                    share?: string;
                };
                header?: never;
                path: {
                    photoId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        post?: never;
        /** Take a photo out of my favourites */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    photoId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/checkout/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What these photos cost together; changes nothing */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        photoIds: string[];
                        share?: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            lines: {
                                /** Format: uuid */
                                photoId: string;
                                /** Format: uuid */
                                creatorId: string;
                                title: string;
                                /** @enum {string} */
                                sale: "shared" | "exclusive";
                                priceIdr: number;
                            }[];
                            totalIdr: number;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My orders, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                orderId: string;
                                /** @enum {string} */
                                status: "pending" | "paid" | "expired" | "cancelled";
                                totalIdr: number;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                expiresAt: string;
                                /** Format: date-time */
                                paidAt?: string;
                                /** Format: date-time */
                                expiredAt?: string;
                                /** Format: date-time */
                                cancelledAt?: string;
                                /**
                                 * Format: uri
                                 * @description Where a pending order is paid. Absent while the provider is away: ask again.
                                 */
                                paymentUrl?: string;
                                photoCount: number;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        /** Orders what was previewed; the same key and body again give the same order */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Required: 8 to 128 characters, new for each order */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        lines: {
                            /** Format: uuid */
                            photoId: string;
                            priceIdr: number;
                        }[];
                        totalIdr: number;
                        share?: string;
                    };
                };
            };
            responses: {
                /** @description The order that this key made before */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            orderId: string;
                            /** @enum {string} */
                            status: "pending" | "paid" | "expired" | "cancelled";
                            totalIdr: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            expiresAt: string;
                            /** Format: date-time */
                            paidAt?: string;
                            /** Format: date-time */
                            expiredAt?: string;
                            /** Format: date-time */
                            cancelledAt?: string;
                            /**
                             * Format: uri
                             * @description Where a pending order is paid. Absent while the provider is away: ask again.
                             */
                            paymentUrl?: string;
                            lines: {
                                /** Format: uuid */
                                photoId: string;
                                /** Format: uuid */
                                creatorId: string;
                                title: string;
                                /** @enum {string} */
                                sale: "shared" | "exclusive";
                                priceIdr: number;
                            }[];
                            /** @description Money that was paid for this order, bought nothing and will be paid back. */
                            refunds: {
                                amountIdr: number;
                                reason: string;
                                /** @enum {string} */
                                status: "due";
                            }[];
                        };
                    };
                };
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            orderId: string;
                            /** @enum {string} */
                            status: "pending" | "paid" | "expired" | "cancelled";
                            totalIdr: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            expiresAt: string;
                            /** Format: date-time */
                            paidAt?: string;
                            /** Format: date-time */
                            expiredAt?: string;
                            /** Format: date-time */
                            cancelledAt?: string;
                            /**
                             * Format: uri
                             * @description Where a pending order is paid. Absent while the provider is away: ask again.
                             */
                            paymentUrl?: string;
                            lines: {
                                /** Format: uuid */
                                photoId: string;
                                /** Format: uuid */
                                creatorId: string;
                                title: string;
                                /** @enum {string} */
                                sale: "shared" | "exclusive";
                                priceIdr: number;
                            }[];
                            /** @description Money that was paid for this order, bought nothing and will be paid back. */
                            refunds: {
                                amountIdr: number;
                                reason: string;
                                /** @enum {string} */
                                status: "due";
                            }[];
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{orderId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of my orders, with its payment page while it is pending */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    orderId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            orderId: string;
                            /** @enum {string} */
                            status: "pending" | "paid" | "expired" | "cancelled";
                            totalIdr: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            expiresAt: string;
                            /** Format: date-time */
                            paidAt?: string;
                            /** Format: date-time */
                            expiredAt?: string;
                            /** Format: date-time */
                            cancelledAt?: string;
                            /**
                             * Format: uri
                             * @description Where a pending order is paid. Absent while the provider is away: ask again.
                             */
                            paymentUrl?: string;
                            lines: {
                                /** Format: uuid */
                                photoId: string;
                                /** Format: uuid */
                                creatorId: string;
                                title: string;
                                /** @enum {string} */
                                sale: "shared" | "exclusive";
                                priceIdr: number;
                                /** @description While the order is pending or paid; absent while pictures cannot be shown */
                                thumbnailUrl?: string;
                            }[];
                            /** @description Money that was paid for this order, bought nothing and will be paid back. */
                            refunds: {
                                amountIdr: number;
                                reason: string;
                                /** @enum {string} */
                                status: "due";
                            }[];
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{orderId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives up a pending order; its photos are free again */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    orderId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            orderId: string;
                            /** @enum {string} */
                            status: "pending" | "paid" | "expired" | "cancelled";
                            totalIdr: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            expiresAt: string;
                            /** Format: date-time */
                            paidAt?: string;
                            /** Format: date-time */
                            expiredAt?: string;
                            /** Format: date-time */
                            cancelledAt?: string;
                            /**
                             * Format: uri
                             * @description Where a pending order is paid. Absent while the provider is away: ask again.
                             */
                            paymentUrl?: string;
                            lines: {
                                /** Format: uuid */
                                photoId: string;
                                /** Format: uuid */
                                creatorId: string;
                                title: string;
                                /** @enum {string} */
                                sale: "shared" | "exclusive";
                                priceIdr: number;
                            }[];
                            /** @description Money that was paid for this order, bought nothing and will be paid back. */
                            refunds: {
                                amountIdr: number;
                                reason: string;
                                /** @enum {string} */
                                status: "due";
                            }[];
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/purchases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Photos I bought, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                photoId: string;
                                /** Format: uuid */
                                orderId: string;
                                /** Format: uuid */
                                creatorId: string;
                                creatorName?: string;
                                title: string;
                                /** @enum {string} */
                                sale: "shared" | "exclusive";
                                priceIdr: number;
                                /** Format: date-time */
                                purchasedAt: string;
                                /** @description Absent while pictures cannot be shown */
                                thumbnailUrl?: string;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/purchases/{photoId}/download": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A link of minutes to the original of a photo I bought */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    photoId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            url: string;
                            /** Format: date-time */
                            expiresAt: string;
                            fileName: string;
                            sha256: string;
                            sizeBytes: number;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/purchases/archives": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A link of minutes to one ZIP of up to 2000 photos I bought, as they were uploaded
         * @description Of the photos named, of those of one order, or of all that I bought. `ARCHIVE_NOT_READY` (503) says that checksums are being counted: ask again, and it goes on. The link takes ranges; the same photos are the same bytes at every link, so that a download which broke off goes on at a new one.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        photoIds?: string[];
                        /** Format: uuid */
                        orderId?: string;
                    };
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            url: string;
                            fileName: string;
                            photoCount: number;
                            sizeBytes: number;
                            /** Format: date-time */
                            expiresAt: string;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What I earned and what I am owed */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            balanceIdr: number;
                            earnedIdr: number;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/terms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the platform keeps of a sale; for those who think of selling too */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Of each price, rounded down */
                            commissionPercent: number;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What moved my balance, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** @enum {string} */
                                kind: "sale";
                                /** Format: uuid */
                                orderId: string;
                                /** Format: uuid */
                                photoId: string;
                                /** @description What the buyer paid */
                                grossIdr: number;
                                /** @description What the platform keeps */
                                commissionIdr: number;
                                /** @description What the creator is owed */
                                netIdr: number;
                                /** Format: date-time */
                                at: string;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payments/sandbox/webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What sandbox tells of a payment; signed by it */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Taken; it need not be sent again. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What became of my resumable uploads; told for seven days after their end */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        uploadIds: string[];
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                uploadId: string;
                                /**
                                 * @description accepted: images are being made; processed: handed over for sale; duplicate: these bytes are a photo of yours already; gone: expired, cancelled, or not known
                                 * @enum {string}
                                 */
                                state: "receiving" | "accepted" | "processed" | "failed" | "duplicate" | "refused" | "gone";
                                /** @description While it is received: so many bytes are safe */
                                offset?: number;
                                /** Format: uuid */
                                photoId?: string;
                                /** @description With the last part of a duplicate: the photo as it is, and what was not applied */
                                photo?: {
                                    /** Format: uuid */
                                    photoId: string;
                                    /** @enum {string} */
                                    status: "raw" | "on_sale" | "failed";
                                    failureReason: string | null;
                                    eventId: string | null;
                                    title: string;
                                    description: string;
                                    priceIdr: number;
                                    /** @enum {string} */
                                    sale: "shared" | "exclusive";
                                    place: {
                                        latitude: number;
                                        longitude: number;
                                    } | null;
                                    hidden: boolean;
                                    /** @description What was sent now and is otherwise on the photo, which stays as it is; see PATCH /v1/photos/{photoId} */
                                    notApplied: ("eventId" | "title" | "description" | "priceIdr" | "sale" | "place")[];
                                    /** @description The same in words for a person */
                                    message: string;
                                };
                                /** @description Why it failed or was refused */
                                problem?: {
                                    type: string;
                                    title: string;
                                    status: number;
                                    code: string;
                                    detail: string;
                                } & {
                                    [key: string]: unknown;
                                };
                            }[];
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/archives/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The ZIP behind a link of this API: bought photos as they were uploaded
         * @description Its length is known from the start, and a range may begin anywhere. A link that expired while a download was under way lets it end; to go on after a break, ask for a new link: the same photos are the same bytes, and `If-Range` with the `ETag` makes sure of it.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    token: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/objects/{bucket}/{folder}/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bytes behind a link of this API */
        get: {
            parameters: {
                query: {
                    /** @description Seconds since 1970 */
                    expires: string;
                    type: string;
                    /** @description Browsers keep the bytes until the link ends */
                    kept?: "true";
                    name?: string;
                    signature: string;
                };
                header?: never;
                path: {
                    bucket: string;
                    folder: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/photo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Upload a photo; send the fields before the file. The same bytes again get 200 with the photo as it is, and the fields that were not applied */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "multipart/form-data": {
                        /** @description Without it, the name of the file */
                        title?: string;
                        description?: string;
                        priceIdr: string;
                        /**
                         * @description shared without it
                         * @enum {string}
                         */
                        sale?: "shared" | "exclusive";
                        /** Format: uuid */
                        eventId?: string;
                        latitude?: string;
                        longitude?: string;
                        /**
                         * Format: binary
                         * @description JPEG, PNG, WebP, AVIF or TIFF, at most 104857600 bytes
                         */
                        photo: Blob;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            photoId: string;
                            /** @enum {string} */
                            status: "raw" | "on_sale" | "failed";
                            failureReason: string | null;
                            eventId: string | null;
                            title: string;
                            description: string;
                            priceIdr: number;
                            /** @enum {string} */
                            sale: "shared" | "exclusive";
                            place: {
                                latitude: number;
                                longitude: number;
                            } | null;
                            hidden: boolean;
                            /** @description What was sent now and is otherwise on the photo, which stays as it is; see PATCH /v1/photos/{photoId} */
                            notApplied: ("eventId" | "title" | "description" | "priceIdr" | "sale" | "place")[];
                            /** @description The same in words for a person */
                            message: string;
                        };
                    };
                };
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            photoId: string;
                            /** @enum {string} */
                            status: "raw";
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/photos": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Upload up to 100 photos with the same fields; 201 when all were accepted */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "multipart/form-data": {
                        /** @description Without it, the name of the file */
                        title?: string;
                        description?: string;
                        priceIdr: string;
                        /**
                         * @description shared without it
                         * @enum {string}
                         */
                        sale?: "shared" | "exclusive";
                        /** Format: uuid */
                        eventId?: string;
                        latitude?: string;
                        longitude?: string;
                        photo: Blob[];
                    };
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** @description Empty if the form itself failed and was not read any further */
                                fileName: string;
                                /** @enum {string} */
                                outcome: "accepted" | "duplicate" | "refused";
                                /** Format: uuid */
                                photoId?: string;
                                /** @description For a duplicate: the photo as it is, and the fields that were not applied */
                                photo?: {
                                    /** Format: uuid */
                                    photoId: string;
                                    /** @enum {string} */
                                    status: "raw" | "on_sale" | "failed";
                                    failureReason: string | null;
                                    eventId: string | null;
                                    title: string;
                                    description: string;
                                    priceIdr: number;
                                    /** @enum {string} */
                                    sale: "shared" | "exclusive";
                                    place: {
                                        latitude: number;
                                        longitude: number;
                                    } | null;
                                    hidden: boolean;
                                    /** @description What was sent now and is otherwise on the photo, which stays as it is; see PATCH /v1/photos/{photoId} */
                                    notApplied: ("eventId" | "title" | "description" | "priceIdr" | "sale" | "place")[];
                                    /** @description The same in words for a person */
                                    message: string;
                                };
                                /** @description As the problem document of a single upload */
                                problem?: {
                                    type: string;
                                    title: string;
                                    status: number;
                                    code: string;
                                    detail: string;
                                };
                            }[];
                        };
                    };
                };
                /** @description Multi-Status */
                207: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** @description Empty if the form itself failed and was not read any further */
                                fileName: string;
                                /** @enum {string} */
                                outcome: "accepted" | "duplicate" | "refused";
                                /** Format: uuid */
                                photoId?: string;
                                /** @description For a duplicate: the photo as it is, and the fields that were not applied */
                                photo?: {
                                    /** Format: uuid */
                                    photoId: string;
                                    /** @enum {string} */
                                    status: "raw" | "on_sale" | "failed";
                                    failureReason: string | null;
                                    eventId: string | null;
                                    title: string;
                                    description: string;
                                    priceIdr: number;
                                    /** @enum {string} */
                                    sale: "shared" | "exclusive";
                                    place: {
                                        latitude: number;
                                        longitude: number;
                                    } | null;
                                    hidden: boolean;
                                    /** @description What was sent now and is otherwise on the photo, which stays as it is; see PATCH /v1/photos/{photoId} */
                                    notApplied: ("eventId" | "title" | "description" | "priceIdr" | "sale" | "place")[];
                                    /** @description The same in words for a person */
                                    message: string;
                                };
                                /** @description As the problem document of a single upload */
                                problem?: {
                                    type: string;
                                    title: string;
                                    status: number;
                                    code: string;
                                    detail: string;
                                };
                            }[];
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{photoId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far my upload is */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    photoId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            photoId: string;
                            /**
                             * @description intended: not accepted yet; accepted: images are being made; processed: handed over for sale
                             * @enum {string}
                             */
                            state: "intended" | "accepted" | "processed" | "failed";
                            /** @description The code of what went wrong */
                            reason?: string;
                            /** Format: date-time */
                            createdAt: string;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{photoId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try a failed photo again */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    photoId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            photoId: string;
                            /** @enum {string} */
                            status: "raw";
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/facecams/challenges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Be asked to do a few things before the camera, for one selfie within two minutes; ends the challenge before */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            challengeId: string;
                            /** @description What to do before the camera, in this order; left and right are those of the person */
                            steps: ("turn_left" | "turn_right" | "blink")[];
                            framesPerStepMax: number;
                            /** @description Of all steps together */
                            framesMax: number;
                            /** Format: date-time */
                            expiresAt: string;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/facecams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My selfies, newest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                facecamId: string;
                                /** @enum {string} */
                                status: "pending" | "ready" | "failed";
                                /** @description The code of why it failed */
                                reason?: string;
                                /** @description Why it failed and what to do, in the language of Accept-Language */
                                detail?: string;
                                /** @description How well the face can be recognised: size, sharpness, light, pose */
                                quality?: number;
                                /** @description How much it looks like a person and not like a picture of one, by two small nets. A speed bump, no proof */
                                liveness?: {
                                    realScore: number;
                                    liveScore: number;
                                };
                                /** @description Whether a capture challenge was passed with it */
                                provenLive: boolean;
                                /** Format: date-time */
                                createdAt: string;
                                selfieKept: boolean;
                            }[];
                            nextCursor: null;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        /** Enrol a selfie; a sixth replaces the oldest. The same bytes again are answered 200 with the first id */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "multipart/form-data": {
                        /**
                         * @default false
                         * @enum {string}
                         */
                        keepSelfie?: "true" | "false";
                        /** Format: uuid */
                        challengeId?: string;
                        /**
                         * Format: binary
                         * @description One face, large, sharp, from the front; at most 15728640 bytes
                         */
                        selfie: Blob;
                        /** @description Of the challenge: as many for each step, up to 3, in the order of the steps, as the camera saw them and not mirrored; at most 2097152 bytes each */
                        frames?: Blob[];
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            facecamId: string;
                            /** @enum {string} */
                            status: "pending" | "ready" | "failed";
                        };
                    };
                };
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            facecamId: string;
                            /** @enum {string} */
                            status: "pending" | "ready" | "failed";
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/facecams/{facecamId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a selfie and its template */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    facecamId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/facecams/{facecamId}/selfie": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A link to my selfie, if it was kept; it lives five minutes */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    facecamId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            url: string;
                            /** Format: date-time */
                            expiresAt: string;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/tus": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin a resumable upload (tus 1.0): Upload-Length, and Upload-Metadata with fileName, sha256 and the fields of a photo; the bytes may come with it */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Becomes the id of the upload: sent again with it, the same creation is answered with what became of it */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            uploadId: string;
                            /**
                             * @description accepted: images are being made; processed: handed over for sale; duplicate: these bytes are a photo of yours already; gone: expired, cancelled, or not known
                             * @enum {string}
                             */
                            state: "receiving" | "accepted" | "processed" | "failed" | "duplicate" | "refused" | "gone";
                            /** @description While it is received: so many bytes are safe */
                            offset?: number;
                            /** Format: uuid */
                            photoId?: string;
                            /** @description With the last part of a duplicate: the photo as it is, and what was not applied */
                            photo?: {
                                /** Format: uuid */
                                photoId: string;
                                /** @enum {string} */
                                status: "raw" | "on_sale" | "failed";
                                failureReason: string | null;
                                eventId: string | null;
                                title: string;
                                description: string;
                                priceIdr: number;
                                /** @enum {string} */
                                sale: "shared" | "exclusive";
                                place: {
                                    latitude: number;
                                    longitude: number;
                                } | null;
                                hidden: boolean;
                                /** @description What was sent now and is otherwise on the photo, which stays as it is; see PATCH /v1/photos/{photoId} */
                                notApplied: ("eventId" | "title" | "description" | "priceIdr" | "sale" | "place")[];
                                /** @description The same in words for a person */
                                message: string;
                            };
                            /** @description Why it failed or was refused */
                            problem?: {
                                type: string;
                                title: string;
                                status: number;
                                code: string;
                                detail: string;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        /** What of tus 1.0 is spoken here */
        options: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/tus/{uploadId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Cancel an upload that has not ended */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    uploadId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        options?: never;
        head?: never;
        /** Send the next bytes; the answer to the last ones tells what became of the file */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    uploadId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            uploadId: string;
                            /**
                             * @description accepted: images are being made; processed: handed over for sale; duplicate: these bytes are a photo of yours already; gone: expired, cancelled, or not known
                             * @enum {string}
                             */
                            state: "receiving" | "accepted" | "processed" | "failed" | "duplicate" | "refused" | "gone";
                            /** @description While it is received: so many bytes are safe */
                            offset?: number;
                            /** Format: uuid */
                            photoId?: string;
                            /** @description With the last part of a duplicate: the photo as it is, and what was not applied */
                            photo?: {
                                /** Format: uuid */
                                photoId: string;
                                /** @enum {string} */
                                status: "raw" | "on_sale" | "failed";
                                failureReason: string | null;
                                eventId: string | null;
                                title: string;
                                description: string;
                                priceIdr: number;
                                /** @enum {string} */
                                sale: "shared" | "exclusive";
                                place: {
                                    latitude: number;
                                    longitude: number;
                                } | null;
                                hidden: boolean;
                                /** @description What was sent now and is otherwise on the photo, which stays as it is; see PATCH /v1/photos/{photoId} */
                                notApplied: ("eventId" | "title" | "description" | "priceIdr" | "sale" | "place")[];
                                /** @description The same in words for a person */
                                message: string;
                            };
                            /** @description Why it failed or was refused */
                            problem?: {
                                type: string;
                                title: string;
                                status: number;
                                code: string;
                                detail: string;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description RFC 9457; some codes bring further fields. */
        Problem: {
            type: string;
            title: string;
            status: number;
            /** @description Stable, e.g. REQUEST_INVALID */
            code: string;
            /** @description For the person who reads it */
            detail: string;
            requestId?: string;
            /** @description With REQUEST_INVALID: what does not fit, and where */
            errors?: {
                path: string;
                /** @description Stable, e.g. FIELD_MISSING */
                code?: string;
                /** @description For the person who reads it */
                message: string;
            }[];
        };
    };
    responses: {
        /** @description A problem document */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
