/** PostgreSQL's channel on which all processes of one service hear each other. */
export const noticeChannel = 'council'
